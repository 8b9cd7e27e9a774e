import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  answered,
  copyFolder,
  createMachine,
  type LocalCloud,
  makeFolder,
  openCloud,
  payloadOf,
  thrown,
  type World,
} from './local-cloud.ts';

/** A machine with the child that it starts, and what must come of it. */
export interface Scenario {
  readonly title: string;
  readonly child: Record<string, object>;
  readonly parent: Record<string, object>;
  readonly input: string;
  /** All written by hand. */
  readonly expected: {
    readonly output: unknown;
    readonly seconds: number;
    readonly calls: readonly string[];
    readonly children: number;
  };
}

export const childMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:broker';
export const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:roll:run-1';

/** What the outside knows: it goes on when the cloud dies. */
export interface Outside {
  /** Each call of a function, as `step` or `step node`. */
  readonly calls: string[];
  /** Tokens that were given out, by node, from 7 on. */
  readonly tokens: Map<number, string>;
}

/** What lies on disk at one moment, and what the outside knew then. */
export interface Moment {
  readonly folder: string;
  readonly outside: Outside;
  readonly nowMs: number;
  /** The status events that were out by then. */
  readonly told: readonly string[];
}

/** An undisturbed run, with the moment before and after each of its writes. */
export interface Recording {
  readonly outside: Outside;
  readonly moments: readonly Moment[];
  readonly history: readonly string[];
  readonly startedAt: number;
  readonly stoppedAt: number;
  readonly folder: string;
}

export function copyOutside({ calls, tokens }: Outside): Outside {
  return { calls: [...calls], tokens: new Map(tokens) };
}

/** Functions that answer by their payload alone, as idempotent functions do, and write down who called. */
export function functionsOf(outside: Outside): World {
  return async (outgoing) => {
    const { step, node, token, attempt, error } = payloadOf(outgoing);
    outside.calls.push(node === undefined ? step : `${step} ${node}`);
    if (step === 'Ask') {
      const known = [...outside.tokens.values()];
      if (!known.includes(token)) outside.tokens.set(7 + known.length, token);
      return answered('noted');
    }
    if (error !== undefined) return thrown(error);
    return node === 8 && attempt < 2 ? thrown('NotReady') : answered('ok');
  };
}

export function toldBy(cloud: LocalCloud | undefined): string[] {
  return (cloud?.events ?? []).map(({ detail }) => `${String(detail['name'])} ${String(detail['status'])}`);
}

export async function record({ child, parent, input }: Scenario): Promise<Recording> {
  const folder = makeFolder();
  const outside: Outside = { calls: [], tokens: new Map() };
  const moments: Moment[] = [];
  let cloud: LocalCloud | undefined;
  const keep = () => {
    const nowMs = cloud?.clock.now() ?? 0;
    moments.push({ folder: copyFolder(folder), outside: copyOutside(outside), nowMs, told: toldBy(cloud) });
  };
  const append = (file: string, text: string) => {
    mkdirSync(dirname(file), { recursive: true });
    keep();
    appendFileSync(file, text);
    keep();
  };
  cloud = await openCloud({ dataFolder: folder, world: functionsOf(outside), append });
  await createMachine(cloud, 'broker', child);
  const stateMachineArn = await createMachine(cloud, 'roll', parent);
  await cloud.send('StartExecution', { stateMachineArn, name: 'run-1', input });
  await drive(cloud, outside);
  const { startDate, stopDate } = await cloud.send('DescribeExecution', { executionArn });
  const history = await historyOf(cloud);
  cloud.kill();
  return { outside, moments, history, startedAt: startDate.getTime(), stoppedAt: stopDate.getTime(), folder };
}

/**
 * Goes on until the execution has closed: settles each token, and when nothing more happens by itself, moves the clock
 * to the next timer.
 */
export async function drive(cloud: LocalCloud, outside: Outside): Promise<void> {
  const settled = new Set<string>();
  for (let round = 0; await isRunning(cloud); round += 1) {
    if (round > 100) throw new Error(`stuck: ${JSON.stringify(await historyOf(cloud))}`);
    await calm();
    for (const [node, token] of outside.tokens) if (!settled.has(token)) await settle(cloud, node, token);
    for (const token of outside.tokens.values()) settled.add(token);
    await calm();
    const dueAt = cloud.clock.nextDueAt();
    if (dueAt !== undefined && (await isRunning(cloud))) cloud.clock.moveTo(dueAt);
  }
  await calm();
}

async function isRunning(cloud: LocalCloud): Promise<boolean> {
  return (await cloud.send('DescribeExecution', { executionArn })).status === 'RUNNING';
}

async function settle(cloud: LocalCloud, node: number, taskToken: string): Promise<void> {
  try {
    await cloud.send('SendTaskSuccess', { taskToken, output: JSON.stringify({ turn: `go ${node}` }) });
  } catch (error) {
    // A token whose settlement was stored just before the kill was used: that is what this name says.
    if (!(error instanceof Error) || error.name !== 'TaskTimedOut') throw error;
  }
}

/** Nothing here waits for the system: all that can happen by itself has happened after some rounds of the event loop. */
async function calm(): Promise<void> {
  for (let round = 0; round < 4; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

export async function historyOf(cloud: LocalCloud): Promise<string[]> {
  const { events } = await cloud.send('GetExecutionHistory', { executionArn, maxResults: 1000 });
  return events.map(
    ({ id, previousEventId, type }: { id: number; previousEventId: number; type: string }) =>
      `${id} ${previousEventId} ${type}`,
  );
}
