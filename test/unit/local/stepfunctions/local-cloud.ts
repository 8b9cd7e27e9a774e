import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsError } from '../../../../local/core/aws-error.ts';
import type { AwsEvent, Caller, Cloud, LocalService } from '../../../../local/core/service.ts';
import { type AppendText, appendText } from '../../../../local/stepfunctions/execution-journal.ts';
import { createStepfunctionsService } from '../../../../local/stepfunctions/service.ts';
import { startMs } from './bench.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';

/** A call that Step Functions made to another service. */
export interface OutgoingCall {
  readonly service: string;
  readonly operation: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs have the shapes of many operations
  readonly input: any;
  readonly caller: Caller | undefined;
}

/** Answers the calls to other services. */
export type World = (call: OutgoingCall) => Promise<object>;

/** Step Functions over a data folder, with the rest of the cloud as a function. */
export interface LocalCloud {
  readonly clock: HandClock;
  readonly service: LocalService;
  readonly events: AwsEvent[];
  readonly lines: string[];
  // biome-ignore lint/suspicious/noExplicitAny: inputs and outputs have the shapes of many operations
  readonly send: (operation: string, input: object) => Promise<any>;
  /** From now on nothing that this cloud does reaches anything, as if its process were gone. */
  readonly kill: () => void;
  /** Resolves when something is true; it is asked after each event, call and journal write. */
  readonly until: (isTrue: () => boolean) => Promise<void>;
  /** Resolves with the execution's description once it has closed. */
  // biome-ignore lint/suspicious/noExplicitAny: as send
  readonly closed: (executionArn: string) => Promise<any>;
}

export interface LocalCloudOptions {
  readonly dataFolder: string;
  readonly world?: World;
  readonly nowMs?: number;
  readonly append?: AppendText;
}

export const roleArn = 'arn:aws:iam::000000000000:role/Plans';

export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'stepfunctions-'));
}

export function copyFolder(folder: string): string {
  const copy = makeFolder();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

export async function openCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const clock = createHandClock(options.nowMs ?? startMs);
  const events: AwsEvent[] = [];
  const lines: string[] = [];
  const waiters = new Set<() => void>();
  let isAlive = true;
  const context = { requestId: 'r', caller: { accessKeyId: 'AKIA', principalArn: 'arn:aws:iam::000000000000:root' } };
  const look = () =>
    queueMicrotask(() => {
      for (const waiter of waiters) waiter();
    });
  const cloud: Pick<
    Cloud,
    'region' | 'accountId' | 'authorizer' | 'partition' | 'dataFolder' | 'call' | 'emit' | 'log'
  > = {
    region: 'us-east-1',
    accountId: '000000000000',
    partition: 'aws',
    dataFolder: options.dataFolder,
    authorizer: { call: () => undefined, act: () => undefined, note: () => undefined },
    log: (line) => void lines.push(line),
    emit: (event) => {
      if (isAlive) events.push(event);
      look();
    },
    call: async (name, operation, input, caller) => {
      if (!isAlive) return forever();
      const answer =
        name === 'sfn'
          ? await handle(operation, input)
          : await (options.world ?? refuse)({ service: name, operation, input, caller });
      look();
      return isAlive ? answer : forever();
    },
  };
  const append = options.append ?? appendText;
  const service = createStepfunctionsService(cloud as Cloud, {
    clock,
    append: (file, text) => {
      if (!isAlive) throw new Error('this process is gone');
      append(file, text);
      look();
    },
  });
  const handle = async (operation: string, input: object) => {
    const handler = service.handlers[operation];
    if (handler === undefined) throw new AwsError('NotImplemented', operation, 501);
    return handler(input, context);
  };
  const until = (isTrue: () => boolean) =>
    new Promise<void>((resolve) => {
      const waiter = () => {
        if (!isTrue()) return;
        waiters.delete(waiter);
        resolve();
      };
      waiters.add(waiter);
      waiter();
    });
  await service.start?.();
  return {
    clock,
    service,
    events,
    lines,
    send: handle,
    kill: () => {
      isAlive = false;
    },
    until,
    closed: async (executionArn) => {
      await until(() =>
        events.some(({ detail }) => detail['executionArn'] === executionArn && detail['status'] !== 'RUNNING'),
      );
      return handle('DescribeExecution', { executionArn });
    },
  };
}

async function refuse(call: OutgoingCall): Promise<never> {
  throw new AwsError('AccessDeniedException', `${call.service}:${call.operation} is not allowed`, 403);
}

function forever(): Promise<never> {
  return new Promise(() => undefined);
}

/** Lambda's answer with a payload. */
export function answered(payload: unknown): object {
  return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: Buffer.from(JSON.stringify(payload)) };
}

/** Lambda's answer when the function threw. */
export function thrown(errorType: string, errorMessage = ''): object {
  return { ...answered({ errorType, errorMessage, trace: [] }), FunctionError: 'Unhandled' };
}

/** The payload of an Invoke. */
// biome-ignore lint/suspicious/noExplicitAny: payloads are whatever a test sends
export function payloadOf(call: OutgoingCall): any {
  return JSON.parse(Buffer.from(call.input.Payload).toString());
}

/** A definition in JSONata from its states, the first one first. */
export function definitionOf(states: Readonly<Record<string, object>>): string {
  return JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states });
}

/** Creates a machine; answers its ARN. */
export async function createMachine(cloud: LocalCloud, name: string, states: Record<string, object>): Promise<string> {
  const created = await cloud.send('CreateStateMachine', { name, roleArn, definition: definitionOf(states) });
  return created.stateMachineArn;
}
