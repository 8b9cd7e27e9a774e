import type { ServiceName } from '../../core/service.ts';
import type { Incarnation, StackRecord } from '../records.ts';
import type { LooseInput, ResourceContext } from '../resource-driver.ts';
import { classifyFailure } from './call-outcome.ts';
import { type Engine, throwIfStopping } from './engine.ts';
import { pause } from './pause.ts';
import { shapeInput, UnknownMember } from './shape-input.ts';
import { stackCaller } from './stack-caller.ts';

export interface ContextFacts {
  readonly stack: StackRecord;
  /** Whose rights the stack's operation has; the cloud's own when absent. */
  readonly roleArn?: string;
  readonly logicalId: string;
  readonly incarnation: Incarnation;
  readonly isRetry: boolean;
  readonly otherIds: readonly string[];
  readonly remember: (physicalId: string) => void;
}

const FIRST_DELAY_MS = 40;
const LONGEST_DELAY_MS = 1_000;
const LONGEST_WAIT_MS = 30 * 60_000;

/** Gives a driver what it needs for one incarnation of one resource. */
export function createResourceContext(engine: Engine, facts: ContextFacts): ResourceContext {
  const { stack, logicalId, incarnation } = facts;
  return {
    region: engine.cloud.region,
    accountId: engine.cloud.accountId,
    stackId: stack.id,
    stackName: stack.name,
    logicalId,
    type: incarnation.type,
    token: incarnation.token,
    isRetry: facts.isRetry,
    ...(incarnation.physicalId === undefined ? {} : { rememberedId: incarnation.physicalId }),
    otherIds: facts.otherIds,
    remember: facts.remember,
    name: (maxLength) => physicalName(facts, maxLength),
    call: (service, operation, input) =>
      callService(engine, { service, operation, input, type: incarnation.type, roleArn: facts.roleArn }),
    until: (look) => lookUntil(engine, look),
  };
}

function physicalName({ stack, logicalId, incarnation }: ContextFacts, maxLength: number): string {
  const head = `${stack.name}-${logicalId}`.slice(0, maxLength - incarnation.token.length - 1);
  return `${head}-${incarnation.token}`;
}

interface Call {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: LooseInput;
  readonly type: string;
  readonly roleArn: string | undefined;
}

/** Throttling is no failure of a resource: CloudFormation backs off, too. */
async function callService(engine: Engine, call: Call): Promise<unknown> {
  const input = await shapeCall(call);
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(LONGEST_DELAY_MS, delayMs * 2)) {
    throwIfStopping(engine);
    try {
      return await engine.cloud.call(call.service, call.operation, input, await stackCaller(engine, call.roleArn));
    } catch (error) {
      if (classifyFailure(error) !== 'throttled') throw error;
    }
    await pause(delayMs, engine.stopping);
  }
}

async function shapeCall(call: Call): Promise<object> {
  try {
    return await shapeInput(call.service, call.operation, call.input);
  } catch (error) {
    if (!(error instanceof UnknownMember)) throw error;
    throw new Error(
      `Property ${error.path} of ${call.type} is not done by the local cloud: ${call.service} ${call.operation} has no such member.`,
      { cause: error },
    );
  }
}

async function lookUntil<Answer>(engine: Engine, look: () => Promise<Answer | undefined>): Promise<Answer> {
  let waitedMs = 0;
  for (let delayMs = FIRST_DELAY_MS; waitedMs < LONGEST_WAIT_MS; delayMs = Math.min(LONGEST_DELAY_MS, delayMs * 2)) {
    throwIfStopping(engine);
    const answer = await look();
    if (answer !== undefined) return answer;
    await pause(delayMs, engine.stopping);
    waitedMs += delayMs;
  }
  throw new Error(`Exceeded attempts to wait: not stable after ${LONGEST_WAIT_MS / 60_000} minutes.`);
}
