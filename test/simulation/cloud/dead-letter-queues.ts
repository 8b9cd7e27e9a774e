import type { DeadLetterQueue, LostEventKind } from '../../../lib/ports/dead-letters.ts';
import type { SimulatedClock } from '../contract.ts';

interface Kept {
  readonly body: string;
  readonly sentAt: number;
  readonly receipt: string;
  hiddenUntil: number;
}

/** The dead-letter queues, at their port: a letter that was received is hidden for a minute, as SQS does it. */
export interface DeadLetterQueues {
  readonly queues: readonly DeadLetterQueue[];
  put(holds: LostEventKind, body: string): void;
  /** How many lie there. */
  count(): number;
}

const hiddenMs = 60_000;
const mostAtOnce = 10;

export function createDeadLetterQueues(clock: SimulatedClock): DeadLetterQueues {
  const lying: Record<LostEventKind, Kept[]> = { undelivered: [], failed: [] };
  let letters = 0;
  const queueOf = (holds: LostEventKind, name: string): DeadLetterQueue => ({
    name,
    holds,
    async receive() {
      const found = lying[holds].filter(({ hiddenUntil }) => hiddenUntil <= clock.now()).slice(0, mostAtOnce);
      for (const letter of found) letter.hiddenUntil = clock.now() + hiddenMs;
      return found.map(({ body, sentAt, receipt }) => ({ body, sentAt, receipt }));
    },
    async delete({ receipt }) {
      lying[holds] = lying[holds].filter((letter) => letter.receipt !== receipt);
    },
  });
  return {
    queues: [queueOf('undelivered', 'Undelivered'), queueOf('failed', 'Failed')],
    put(holds, body) {
      lying[holds].push({ body, sentAt: clock.now(), receipt: `letter-${++letters}`, hiddenUntil: 0 });
    },
    count: () => lying.undelivered.length + lying.failed.length,
  };
}
