import { connect, type Socket } from 'node:net';
import type { KafkaAddress } from '../../ports/kafka-admin.ts';
import { addressText, KafkaProtocolError, KafkaUnreachableError } from '../kafka-errors.ts';
import { createFrameSplitter } from './frame-splitter.ts';
import { MalformedMessageError } from './malformed-message-error.ts';

/** Limits of one connection. */
export interface ChannelOptions {
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** Aborting it closes the connection and fails what is under way. */
  readonly signal?: AbortSignal;
}

/** One request on its way. */
interface Sending {
  /** For messages: the request's name. */
  readonly subject: string;
  readonly toFrame: (correlationId: number) => Buffer;
}

/** A TCP connection that matches answers to requests. Its first error ends it and everything under way. */
export interface Channel {
  /** Address, for messages. */
  readonly name: string;
  readonly connected: Promise<void>;
  /** Resolves with the answer behind the correlation id. */
  readonly send: (sending: Sending) => Promise<Buffer>;
  readonly fail: (error: Error) => void;
  /** Idempotent. */
  readonly close: () => void;
}

interface Waiting {
  readonly resolve: (answer: Buffer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

const correlationBytes = 4;

/** Starts to connect; see `connected`. */
export function openChannel(address: KafkaAddress, options: ChannelOptions): Channel {
  const name = addressText(address);
  const waiting = new Map<number, Waiting>();
  const ready = Promise.withResolvers<void>();
  // A channel that fails before anyone awaits it must not count as an unhandled rejection.
  ready.promise.catch(() => undefined);
  let ended: Error | undefined;
  let nextCorrelationId = 1;

  const socket = connect({ host: address.host, port: address.port, noDelay: true });
  const fail = (error: Error): void => {
    if (ended !== undefined) return;
    ended = error;
    clearTimeout(connectTimer);
    options.signal?.removeEventListener('abort', abort);
    socket.destroy();
    ready.reject(error);
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    waiting.clear();
  };
  const abort = (): void => fail(new KafkaUnreachableError(`${name}: the request was given up`));
  const connectTimer = setTimeout(
    () => fail(new KafkaUnreachableError(`${name} did not accept a connection in ${options.connectTimeoutMs} ms`)),
    options.connectTimeoutMs,
  );

  const accept = (answer: Buffer): void => {
    const correlationId = answer.readInt32BE(0);
    const waiter = waiting.get(correlationId);
    if (waiter === undefined)
      throw new MalformedMessageError(`the answer to request ${correlationId} was not asked for`);
    waiting.delete(correlationId);
    clearTimeout(waiter.timer);
    waiter.resolve(answer.subarray(correlationBytes));
  };
  const send = ({ subject, toFrame }: Sending): Promise<Buffer> => {
    if (ended !== undefined) return Promise.reject(ended);
    const correlationId = nextCorrelationId;
    nextCorrelationId += 1;
    const frame = toFrame(correlationId);
    const answer = Promise.withResolvers<Buffer>();
    const timer = setTimeout(
      () => fail(new KafkaUnreachableError(`${name} did not answer ${subject} in ${options.requestTimeoutMs} ms`)),
      options.requestTimeoutMs,
    );
    waiting.set(correlationId, { resolve: answer.resolve, reject: answer.reject, timer });
    socket.write(frame);
    return answer.promise;
  };

  const onConnect = (): void => {
    clearTimeout(connectTimer);
    ready.resolve();
  };

  listen(socket, { name, accept, fail, onConnect });
  if (options.signal?.aborted) abort();
  else options.signal?.addEventListener('abort', abort);
  const close = (): void => fail(new KafkaUnreachableError(`${name}: the connection was closed here`));
  return { name, connected: ready.promise, send, fail, close };
}

interface Listeners {
  readonly name: string;
  readonly accept: (answer: Buffer) => void;
  readonly fail: (error: Error) => void;
  readonly onConnect: () => void;
}

function listen(socket: Socket, { name, accept, fail, onConnect }: Listeners): void {
  const splitter = createFrameSplitter();
  socket.once('connect', onConnect);
  socket.on('error', (cause) => fail(new KafkaUnreachableError(`${name} is not reached: ${cause.message}`, { cause })));
  socket.on('close', () => fail(new KafkaUnreachableError(`${name} closed the connection`)));
  socket.on('data', (chunk) => {
    try {
      for (const answer of splitter.push(chunk)) accept(answer);
    } catch (cause) {
      // Only a broken stream gets here; anything else is our own fault and surfaces through the request that it breaks.
      const reason = cause instanceof MalformedMessageError ? cause.message : String(cause);
      fail(new KafkaProtocolError(`${name} sent bytes that are no Kafka: ${reason}`, { cause }));
    }
  });
}
