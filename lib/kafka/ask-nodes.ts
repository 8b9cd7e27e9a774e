import type { KafkaAddress, KafkaAddresses, SilentNode } from '../ports/kafka-admin.ts';
import { KafkaError, KafkaUnreachableError } from './kafka-errors.ts';
import { type ConnectionOptions, type KafkaConnection, openConnection } from './protocol/connection.ts';

/** One question, put over an open connection. */
export type Question<Value> = (connection: KafkaConnection) => Promise<Value>;

interface Answer<Value> {
  readonly address: KafkaAddress;
  readonly value: Value;
}

export interface FailedNode extends SilentNode {
  readonly error: KafkaError;
}

/** Both in the order in which the nodes came to their end. */
export interface Answers<Value> {
  readonly answered: readonly Answer<Value>[];
  readonly silent: readonly FailedNode[];
}

/** The nodes that may be asked, and the limits of each connection. */
export interface Nodes {
  readonly addresses: KafkaAddresses;
  readonly options: ConnectionOptions;
}

/** How many nodes are asked at the same time, and how many answers suffice. */
export interface AskPlan extends Nodes {
  readonly atOnce: number;
  readonly enough: number;
  /** How long nodes that are being asked may still answer when there are enough answers. */
  readonly graceMs: number;
}

/** A node that is not connected in this time gets company by the next one: a dead host does not cost a whole timeout. */
const hedgeMs = 300;

/**
 * Puts a question to several nodes; a node that fails is replaced by the next. All connections are closed when it returns.
 * @throws what the question throws, unless another node may do better (see `isNodesOwn`).
 */
export async function askNodes<Value>(plan: AskPlan, question: Question<Value>): Promise<Answers<Value>> {
  const stop = new AbortController();
  const waiting = [...plan.addresses];
  const answered: Answer<Value>[] = [];
  const silent: FailedNode[] = [];
  const refusals: unknown[] = [];
  let graceTimer: NodeJS.Timeout | undefined;

  const takeAnswer = (answer: Answer<Value>): void => {
    answered.push(answer);
    if (answered.length >= plan.enough) graceTimer ??= setTimeout(() => stop.abort(), plan.graceMs);
  };
  const takeFailure = (address: KafkaAddress, error: unknown): void => {
    if (error instanceof KafkaError && isNodesOwn(error)) {
      silent.push({ address, reason: error.message, error });
      return;
    }
    refusals.push(error);
    stop.abort();
  };
  /** Asks one node and, when it is slow or fails, the next beside or after it. It never rejects. */
  const runLane = async (): Promise<void> => {
    const address = stop.signal.aborted ? undefined : waiting.shift();
    if (address === undefined) return;
    let next: Promise<void> | undefined;
    const goOn = (): void => {
      next ??= runLane();
    };
    try {
      const options = { ...plan.options, signal: stop.signal };
      takeAnswer({ address, value: await askOne({ address, options, onSlow: goOn }, question) });
    } catch (error) {
      takeFailure(address, error);
      goOn();
    }
    await next;
  };

  await Promise.all(Array.from({ length: plan.atOnce }, runLane));
  clearTimeout(graceTimer);
  if (refusals.length > 0) throw refusals[0];
  return { answered, silent };
}

/**
 * Puts a question to one node after the other until one answers.
 * @throws KafkaUnreachableError, or what Kafka answered, when none has an answer.
 */
export async function askFirst<Value>(nodes: Nodes, question: Question<Value>): Promise<Value> {
  const { answered, silent } = await askNodes({ ...nodes, atOnce: 1, enough: 1, graceMs: 0 }, question);
  const [first] = answered;
  if (first === undefined) throw failureOf(silent);
  return first.value;
}

/** The one error that tells most of why no node answered: what Kafka said goes before what the network did. */
export function failureOf(silent: readonly FailedNode[]): KafkaError {
  if (silent.length === 0) return new KafkaUnreachableError('no address was given');
  const told = silent.find(({ error }) => !(error instanceof KafkaUnreachableError));
  if (told !== undefined) return told.error;
  return new KafkaUnreachableError(
    `none of ${silent.length} nodes answered: ${silent.map(({ reason }) => reason).join('; ')}`,
  );
}

/** Whether an error speaks of this node alone. A refusal that any node would repeat ends the whole question. */
function isNodesOwn(error: KafkaError): boolean {
  return error.retriable || error.name === 'KafkaProtocolError';
}

interface Attempt {
  readonly address: KafkaAddress;
  readonly options: ConnectionOptions;
  readonly onSlow: () => void;
}

async function askOne<Value>(attempt: Attempt, question: Question<Value>): Promise<Value> {
  const slowTimer = setTimeout(attempt.onSlow, hedgeMs);
  const connection = await openConnection(attempt.address, attempt.options).finally(() => clearTimeout(slowTimer));
  try {
    return await question(connection);
  } finally {
    connection.close();
  }
}
