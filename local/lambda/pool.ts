import type { Call, CallResult } from './environment.ts';
import { Environment } from './environment.ts';
import type { FunctionRecord } from './function-record.ts';
import { functionResolver } from './function-resolver.ts';
import type { FunctionStore } from './function-store.ts';
import { assumeFunctionRole } from './role-session.ts';

/** Environments of one function at once, when it reserves no concurrency; further calls wait for one. */
const MAX_ENVIRONMENTS = 10;
const IDLE_MS = 300_000;
/** An environment is not used when its credentials might end within the call. */
const EXPIRY_MARGIN_MS = 60_000;

interface Lane {
  readonly live: Set<Environment>;
  readonly idle: { readonly environment: Environment; readonly cancel: () => void }[];
  readonly waiting: (() => void)[];
  /** Environments that run, start or end. */
  count: number;
  busy: number;
}

/** The execution environments of all functions: started on demand, kept warm, given up when the function changes. */
export class Pool {
  readonly #store: FunctionStore;
  readonly #lanes = new Map<string, Lane>();

  constructor(store: FunctionStore) {
    this.#store = store;
  }

  /** How many calls of the function are under way. */
  busyCount(name: string): number {
    return this.#lanes.get(name)?.busy ?? 0;
  }

  /** Runs one call, waiting for an environment when all are busy. */
  async run(record: FunctionRecord, call: Call): Promise<CallResult> {
    const lane = this.#lane(record.name);
    lane.busy += 1;
    try {
      await this.#travel();
      const environment = await this.#acquire(record, lane);
      const result = await environment.invoke(call);
      this.#release(record.name, lane, environment);
      return result;
    } finally {
      lane.busy -= 1;
    }
  }

  /** Ends the idle environments of a function that changed or went; the busy ones end after their call. */
  retire(name: string): void {
    const lane = this.#lane(name);
    for (const { environment, cancel } of lane.idle.splice(0)) {
      cancel();
      environment.end();
    }
  }

  /** Ends everything; calls under way fail. */
  async stop(): Promise<void> {
    const all = [...this.#lanes.values()].flatMap((lane) => [...lane.live]);
    for (const environment of all) environment.end();
    await Promise.all(all.map((environment) => environment.flushLogs()));
  }

  /** The way of a call to its function, where the cloud is asked to take its time. */
  #travel(): Promise<void> {
    const { clock, cloud } = this.#store;
    const { callMs = 0 } = cloud.delays ?? {};
    return callMs === 0 ? Promise.resolve() : new Promise((resolve) => clock.after(callMs, resolve));
  }

  async #acquire(record: FunctionRecord, lane: Lane): Promise<Environment> {
    for (;;) {
      const idle = lane.idle.pop();
      if (idle !== undefined) {
        idle.cancel();
        if (this.#isUsable(record, idle.environment)) return idle.environment;
        idle.environment.end();
        continue;
      }
      if (lane.count < (record.reservedConcurrency ?? MAX_ENVIRONMENTS)) return this.#startEnvironment(record, lane);
      await new Promise<void>((resolve) => lane.waiting.push(resolve));
    }
  }

  async #startEnvironment(record: FunctionRecord, lane: Lane): Promise<Environment> {
    const { cloud, code } = this.#store;
    lane.count += 1;
    try {
      const session = await assumeFunctionRole(cloud, record.role, record.name);
      const resolver = await functionResolver(cloud, record);
      const onEnd = (): void => {
        lane.live.delete(environment);
        lane.count -= 1;
        lane.waiting.shift()?.();
      };
      const environment: Environment = new Environment({
        cloud,
        record,
        codeFolder: code.folderOf(record.code),
        session,
        ...(resolver === undefined ? {} : { resolver }),
        onEnd,
      });
      lane.live.add(environment);
      return environment;
    } catch (error) {
      lane.count -= 1;
      lane.waiting.shift()?.();
      throw error;
    }
  }

  #release(name: string, lane: Lane, environment: Environment): void {
    const current = this.#store.functions.get(name);
    // One that has ended frees its place when its process is gone.
    if (environment.isEnded) return;
    if (current === undefined || !this.#isUsable(current, environment)) {
      environment.end();
      return;
    }
    const cancel = this.#store.clock.after(IDLE_MS, () => {
      const at = lane.idle.findIndex((idle) => idle.environment === environment);
      if (at >= 0) lane.idle.splice(at, 1);
      environment.end();
    });
    lane.idle.push({ environment, cancel });
    lane.waiting.shift()?.();
  }

  #isUsable(record: FunctionRecord, environment: Environment): boolean {
    const neededUntil = this.#store.clock.now() + record.timeoutSeconds * 1000 + EXPIRY_MARGIN_MS;
    return !environment.isEnded && environment.revisionId === record.revisionId && environment.expiresAt > neededUntil;
  }

  #lane(name: string): Lane {
    const lane = this.#lanes.get(name) ?? { live: new Set(), idle: [], waiting: [], count: 0, busy: 0 };
    this.#lanes.set(name, lane);
    return lane;
  }
}
