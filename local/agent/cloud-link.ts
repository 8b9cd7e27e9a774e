import { connect } from 'node:net';
import { LineConnection } from '../hosts/line-connection.ts';
import type { AgentMessage, CloudMessage } from '../hosts/protocol.ts';

const RETRY_EVERY_MS = 200;
const HEARTBEAT_EVERY_MS = 1000;

type Request = Extract<AgentMessage, { readonly id: number }>;
/** Each kind of request without its number. */
export type Question = Request extends infer One ? (One extends Request ? Omit<One, 'id'> : never) : never;

/** The agent's side of the line to the cloud: comes back by itself whenever the cloud does. */
export class CloudLink {
  readonly #socketFile: string;
  readonly #on: { readonly message: (message: CloudMessage) => void; readonly connect: () => void };
  readonly #waiting = new Map<
    number,
    { readonly request: Request; readonly settle: (error: string | undefined) => void }
  >();
  #connection: LineConnection<AgentMessage, CloudMessage> | undefined;
  #lastId = 0;

  constructor(
    socketFile: string,
    on: { readonly message: (message: CloudMessage) => void; readonly connect: () => void },
  ) {
    this.#socketFile = socketFile;
    this.#on = on;
  }

  /** Never gives up. */
  open(): void {
    const socket = connect(this.#socketFile);
    const connection = new LineConnection<AgentMessage, CloudMessage>(socket, {
      message: (message) => this.#receive(message),
      close: () => {
        this.#connection = undefined;
        setTimeout(() => this.open(), RETRY_EVERY_MS);
      },
    });
    socket.once('connect', () => {
      this.#connection = connection;
      this.#on.connect();
      for (const { request } of this.#waiting.values()) connection.send(request);
    });
  }

  beat(): void {
    setInterval(() => this.send({ type: 'heartbeat' }), HEARTBEAT_EVERY_MS);
  }

  /** Lost while there is no line; what matters is said again in the next hello. */
  send(message: AgentMessage): void {
    this.#connection?.send(message);
  }

  /** Asks, again after each lost line, until there is an answer. Resolves to the refusal, or to undefined. */
  ask(question: Question): Promise<string | undefined> {
    this.#lastId += 1;
    const request = { ...question, id: this.#lastId } as Request;
    return new Promise((settle) => {
      this.#waiting.set(request.id, { request, settle });
      this.send(request);
    });
  }

  #receive(message: CloudMessage): void {
    if (message.type !== 'reply') {
      this.#on.message(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    waiting?.settle(message.error);
  }
}
