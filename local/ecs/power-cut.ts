import type { CloudMessage, TaskOrder } from '../hosts/protocol.ts';
import { stopWave } from '../hosts/stop-wave.ts';

/** How much longer than the longest stop timeout a wave may take before the next one begins anyway. */
const WAVE_GRACE_MS = 10_000;
const POWER_OFF_MS = 5000;

/** The lines to the hosts, as far as a shutdown needs them. */
export interface ShutdownLines {
  readonly instanceIds: readonly string[];
  readonly send: (instanceId: string, message: CloudMessage) => void;
}

/**
 * Takes all hosts down together: every host ends the tasks of one wave before any host begins the next, then the agents
 * end. A host that is not heard of in time is left to whoever ends processes.
 */
export class PowerCut {
  readonly #lines: ShutdownLines;
  readonly #waiting = new Map<string, () => void>();

  constructor(lines: ShutdownLines) {
    this.#lines = lines;
  }

  async run(orders: readonly TaskOrder[]): Promise<void> {
    const waves = new Set([1, ...orders.map(stopWave)]);
    for (const wave of [...waves].toSorted((a, b) => a - b)) {
      const timeouts = orders
        .filter((order) => stopWave(order) === wave)
        .flatMap(({ containers }) => containers.map((one) => one.stopTimeoutSeconds));
      await this.#tellAll(
        { type: 'end-wave', wave },
        { key: `wave ${wave}`, timeoutMs: Math.max(0, ...timeouts) * 1000 + WAVE_GRACE_MS },
      );
    }
    await this.#tellAll({ type: 'power-off' }, { key: 'closed', timeoutMs: POWER_OFF_MS });
  }

  waveEnded(instanceId: string, wave: number): void {
    this.#waiting.get(`${instanceId} wave ${wave}`)?.();
  }

  /** The host is gone: nothing more is to be waited for. */
  closed(instanceId: string): void {
    for (const [key, resolve] of this.#waiting) if (key.startsWith(`${instanceId} `)) resolve();
  }

  async #tellAll(message: CloudMessage, until: { readonly key: string; readonly timeoutMs: number }): Promise<void> {
    const answers = this.#lines.instanceIds.map((instanceId) => {
      const answer = this.#answer(`${instanceId} ${until.key}`, until.timeoutMs);
      this.#lines.send(instanceId, message);
      return answer;
    });
    await Promise.all(answers);
  }

  #answer(key: string, timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#waiting.get(key)?.(), timeoutMs);
      this.#waiting.set(key, () => {
        clearTimeout(timer);
        this.#waiting.delete(key);
        resolve();
      });
    });
  }
}
