import { mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import { LineConnection } from '../hosts/line-connection.ts';
import type { AgentMessage, CloudMessage } from '../hosts/protocol.ts';

/** An agent that says nothing for so long is gone: a stopped process keeps its socket open. */
const SILENCE_MS = 5000;

/** Who listens to the agents. */
export interface AgentListener {
  /** False: the line is closed again. */
  readonly hello: (message: Extract<AgentMessage, { type: 'hello' }>) => Promise<boolean>;
  readonly message: (instanceId: string, message: Exclude<AgentMessage, { type: 'hello' }>) => Promise<void>;
  readonly closed: (instanceId: string) => void;
}

/** What is known of one connection; its news are told one after the other. */
interface LineState {
  instanceId?: string;
  told: Promise<void>;
}

interface Line {
  readonly connection: LineConnection<CloudMessage, AgentMessage>;
  heardAt: number;
}

/** The lines to the agents of all hosts, over a private Unix socket. */
export class AgentLines {
  readonly #lines = new Map<string, Line>();
  /** Until when lines stay cut, epoch milliseconds. */
  readonly #cutUntil = new Map<string, number>();
  #server: Server | undefined;
  #timer: NodeJS.Timeout | undefined;

  get instanceIds(): string[] {
    return [...this.#lines.keys()];
  }

  /** The hosts whose lines are cut on purpose. */
  get cutIds(): string[] {
    return [...this.#cutUntil].filter(([, until]) => Date.now() < until).map(([instanceId]) => instanceId);
  }

  /** The agent is not heard until then, as behind a broken network; it works on and keeps trying. */
  cut(instanceId: string, until: number): void {
    this.#cutUntil.set(instanceId, until);
    this.close(instanceId);
  }

  /** False: the line was not cut. */
  mend(instanceId: string): boolean {
    const wasCut = this.cutIds.includes(instanceId);
    this.#cutUntil.delete(instanceId);
    return wasCut;
  }

  async listen(socketFile: string, listener: AgentListener): Promise<void> {
    mkdirSync(dirname(socketFile), { recursive: true });
    // A socket that a killed cloud left behind answers nobody.
    rmSync(socketFile, { force: true });
    const server = createServer((socket) => {
      const state: LineState = { told: Promise.resolve() };
      const connection: LineConnection<CloudMessage, AgentMessage> = new LineConnection(socket, {
        message: (message: AgentMessage) => this.#receive({ connection, state, message, listener }),
        close: () => this.#closed({ connection, state, listener }),
      });
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socketFile, resolve);
    });
    this.#timer = setInterval(() => this.#dropSilent(), SILENCE_MS / 5);
  }

  /** Lost when there is no line: what matters is said again after the next hello. */
  send(instanceId: string, message: CloudMessage): void {
    this.#lines.get(instanceId)?.connection.send(message);
  }

  close(instanceId: string): void {
    this.#lines.get(instanceId)?.connection.close();
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const { connection } of this.#lines.values()) connection.close();
    this.#server?.close();
  }

  #receive(got: {
    connection: Line['connection'];
    state: LineState;
    message: AgentMessage;
    listener: AgentListener;
  }): void {
    const { connection, state, message, listener } = got;
    if (message.type === 'hello') {
      const { instanceId } = message.host;
      if (this.cutIds.includes(instanceId)) {
        connection.close();
        return;
      }
      state.instanceId = instanceId;
      const before = this.#lines.get(instanceId);
      this.#lines.set(instanceId, { connection, heardAt: Date.now() });
      if (before !== undefined && before.connection !== connection) before.connection.close();
      tell(state, async () => {
        if (!(await listener.hello(message))) connection.close();
      });
      return;
    }
    const { instanceId } = state;
    if (instanceId === undefined) return;
    const line = this.#lines.get(instanceId);
    if (line?.connection === connection) line.heardAt = Date.now();
    tell(state, () => listener.message(instanceId, message));
  }

  /** The end of a line that was replaced by a newer one is no news. */
  #closed(got: { connection: Line['connection']; state: LineState; listener: AgentListener }): void {
    const { instanceId } = got.state;
    if (instanceId === undefined || this.#lines.get(instanceId)?.connection !== got.connection) return;
    this.#lines.delete(instanceId);
    tell(got.state, async () => {
      // A newer line that came meanwhile has said that the host is there.
      if (!this.#lines.has(instanceId)) got.listener.closed(instanceId);
    });
  }

  #dropSilent(): void {
    const now = Date.now();
    for (const { connection, heardAt } of this.#lines.values()) if (now - heardAt > SILENCE_MS) connection.close();
  }
}

/** In the order of the line. What fails is a defect, and is not hidden: it ends the process as any uncaught error does. */
function tell(state: LineState, news: () => Promise<void>): void {
  state.told = state.told.then(news).catch((error: unknown) => {
    process.nextTick(() => {
      throw error;
    });
  });
}
