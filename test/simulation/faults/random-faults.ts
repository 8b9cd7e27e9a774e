import type { Random, SimulatedClock } from '../contract.ts';
import {
  type CallFault,
  callFaults,
  createHits,
  type EventFault,
  eventFaults,
  type Fault,
  type Faults,
  type InvocationFault,
  invocationFaults,
} from './faults.ts';

/** How likely each fault is, for one call, event or invocation. */
export interface FaultProfile {
  readonly chances: Readonly<Record<CallFault | EventFault | InvocationFault, number>>;
  readonly maxSkewMs: number;
  /** Epoch milliseconds; nothing goes wrong from here on. */
  readonly endsAt: number;
}

const all = [...callFaults, ...eventFaults, ...invocationFaults];

/**
 * The chances of one seed. Each kind is left out of many seeds and frequent in some: a world in which everything goes
 * wrong a little hides what takes one thing going wrong a lot. Source: FoundationDB, swizzling of BUGGIFY.
 */
export function drawProfile(random: Random, endsAt: number): FaultProfile {
  const severity = random.pick([0, 0.01, 0.03, 0.08] as const);
  const chance = (fault: string): number => {
    if (!random.chance(0.5)) return 0;
    const most = fault.startsWith('event') ? 0.3 : severity;
    return (random.below(1000) / 1000) * most;
  };
  return {
    chances: Object.fromEntries(all.map((fault) => [fault, chance(fault)])) as FaultProfile['chances'],
    maxSkewMs: random.pick([0, 50, 500] as const),
    endsAt,
  };
}

/** Faults by chance, until they end. */
export function randomFaults(random: Random, clock: Pick<SimulatedClock, 'now'>, profile: FaultProfile): Faults {
  const { hits, hit } = createHits();
  const draw = <Kind extends Fault & keyof FaultProfile['chances']>(kinds: readonly Kind[]): Kind | 'none' => {
    if (clock.now() >= profile.endsAt) return 'none';
    for (const kind of kinds) {
      if (profile.chances[kind] === 0 || !random.chance(profile.chances[kind])) continue;
      hit(kind);
      return kind;
    }
    return 'none';
  };
  return {
    hits,
    hit,
    ofCall: () => draw(callFaults),
    ofEvent: () => draw(eventFaults),
    ofInvocation: () => draw(invocationFaults),
    skewMs() {
      if (profile.maxSkewMs === 0 || clock.now() >= profile.endsAt) return 0;
      hit('clock skewed');
      return random.below(2 * profile.maxSkewMs + 1) - profile.maxSkewMs;
    },
  };
}
