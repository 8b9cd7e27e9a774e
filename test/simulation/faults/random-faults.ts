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
  readonly eventsComeAtOnce: boolean;
  /** The events come, and nothing happens to the function that takes them in. */
  readonly eventsAreReliable: boolean;
  /** Epoch milliseconds; nothing goes wrong from here on. */
  readonly endsAt: number;
}

const all = [...callFaults, ...eventFaults, ...invocationFaults];

/** What makes two invocations of one step, or of two executions, meet. */
const raceFaults: readonly string[] = ['slow', 'slow answer', 'invocation doubled', 'invocation cut off'];
const mostOfRaces = 0.25;
const mostOfOneKind = 0.3;
const mostOfEvents = 0.3;

/**
 * The chances of one seed. Each kind is left out of many seeds and frequent in some: a world in which everything goes
 * wrong a little hides what takes one thing going wrong a lot. Source: FoundationDB, swizzling of BUGGIFY.
 */
export function drawProfile(random: Random, endsAt: number): FaultProfile {
  const draw = random.pick([mixed, mixed, mixed, oneKind, races, races, withoutEvents]);
  return {
    chances: draw(random),
    eventsAreReliable: draw === races && random.chance(0.8),
    maxSkewMs: random.pick([0, 50, 500] as const),
    eventsComeAtOnce: random.chance(0.3),
    endsAt,
  };
}

type Chances = FaultProfile['chances'];

/** Some of everything. */
function mixed(random: Random): Chances {
  const severity = random.pick([0, 0.01, 0.03, 0.08] as const);
  return chancesOf((fault) => {
    if (!random.chance(0.5)) return 0;
    return share(random, fault.startsWith('event') ? mostOfEvents : severity);
  });
}

/** One thing goes wrong, often. */
function oneKind(random: Random): Chances {
  const [first, ...others] = all;
  const chosen = random.pick([first ?? 'slow', ...others]);
  return chancesOf((fault) => (fault === chosen ? share(random, mostOfOneKind) : 0));
}

/** Nothing is lost, but what is slow or done twice meets itself. */
function races(random: Random): Chances {
  return chancesOf((fault) => (raceFaults.includes(fault) ? share(random, mostOfRaces) : 0));
}

/** No event comes at all: what waits must have looked, and the sweep finds the rest. */
function withoutEvents(random: Random): Chances {
  return { ...mixed(random), 'event dropped': 1 };
}

function chancesOf(chance: (fault: string) => number): Chances {
  return Object.fromEntries(all.map((fault) => [fault, chance(fault)])) as Chances;
}

function share(random: Random, most: number): number {
  return (random.below(1000) / 1000) * most;
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
    ofCall: ({ functionName }) => (profile.eventsAreReliable && functionName === 'Events' ? 'none' : draw(callFaults)),
    ofEvent: () => draw(eventFaults),
    ofInvocation: () => draw(invocationFaults),
    eventsAreReliable: profile.eventsAreReliable,
    get eventsComeAtOnce() {
      return profile.eventsComeAtOnce && clock.now() < profile.endsAt;
    },
    skewMs() {
      if (profile.maxSkewMs === 0 || clock.now() >= profile.endsAt) return 0;
      hit('clock skewed');
      return random.below(2 * profile.maxSkewMs + 1) - profile.maxSkewMs;
    },
  };
}
