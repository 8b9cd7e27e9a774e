/** What can go wrong with one call of a service. */
export const callFaults = [
  /** The process dies and the call is never made. */
  'crash before',
  /** The call has its effect, then the process dies. */
  'crash after',
  /** The service says that it was asked too often. */
  'throttled',
  /** The service answers with its own fault; nothing happened. */
  'server error',
  /** The call has its effect, its answer is lost. */
  'response lost',
  /** The call never arrives. */
  'request lost',
  /** The call arrives late, and may outlive its caller. */
  'slow',
  /** The call has its effect at once, its answer comes late: what it tells may be over by then. */
  'slow answer',
] as const;

export type CallFault = (typeof callFaults)[number];

/** What can happen to one delivery of an event to one target. */
export const eventFaults = [
  'event duplicated',
  'event delayed',
  'event dropped',
  /** It lands in the dead-letter queue of its rule. */
  'event undelivered',
] as const;

export type EventFault = (typeof eventFaults)[number];

/** What can happen to one invocation that Step Functions asks Lambda for. */
export const invocationFaults = [
  'invocation refused',
  'invocation doubled',
  /** The line to the function breaks: Step Functions tries again while the first invocation goes on. */
  'invocation cut off',
] as const;

export type InvocationFault = (typeof invocationFaults)[number];

/** What happens to the world while nobody looks; each is struck at times that the seed chooses. */
export const worldFaults = [
  'broker killed',
  'node killed again and again',
  'host rebooted',
  'host lost',
  'host silenced',
  'zone lost',
  'host drained',
  'agent disconnected',
  'host forgotten',
  'execution aborted',
  'node fought for',
  'reconcile at once',
  'task start failed',
  'image pulled slowly',
  'volume stuck',
  'volume lost',
  'fresh volumes hidden',
  'reads stale',
] as const;

export type WorldFault = (typeof worldFaults)[number];

export type Fault = CallFault | EventFault | InvocationFault | WorldFault | 'clock skewed';

/** A call that is about to be made. */
export interface CallSite {
  /** Position among all calls of this world. */
  readonly number: number;
  readonly service: string;
  readonly operation: string;
  readonly functionName: string;
}

/** Decides what goes wrong, and counts what it decided. */
export interface Faults {
  ofCall(site: CallSite): CallFault | 'none';
  ofEvent(detailType: string): EventFault | 'none';
  ofInvocation(functionName: string): InvocationFault | 'none';
  /** Whether events come the moment they are emitted, before the answer of the call that caused them. */
  readonly eventsComeAtOnce: boolean;
  /** Whether each event comes, and the function that takes it in does its work: then no wait needs the sweep. */
  readonly eventsAreReliable: boolean;
  /** What an invocation's clock is wrong by, in milliseconds. */
  skewMs(): number;
  /** Notes a fault that another part struck. */
  hit(fault: Fault): void;
  /** How often each fault was struck. */
  readonly hits: ReadonlyMap<Fault, number>;
}

/** A count of faults, to be shared by whoever decides on them. */
export function createHits(): { readonly hits: ReadonlyMap<Fault, number>; readonly hit: (fault: Fault) => void } {
  const hits = new Map<Fault, number>();
  return { hits, hit: (fault) => hits.set(fault, (hits.get(fault) ?? 0) + 1) };
}
