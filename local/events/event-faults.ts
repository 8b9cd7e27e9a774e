/** How events of one kind go wrong on their way to the targets. Shares are from 0 (never) to 1 (always). */
export interface EventFault {
  /** How late each copy is: between these, in milliseconds. */
  readonly delayMs: { readonly min: number; readonly max: number };
  /** How many of the events come twice. */
  readonly duplicate: number;
  /** How many of them reach nobody. */
  readonly drop: number;
  /** Events are held back to the end of windows of so many milliseconds and then come in any order; 0: they are not. */
  readonly shuffleMs: number;
  /** The same seed makes the same choices. */
  readonly seed: number;
}

/**
 * What becomes of one event: for each copy how many milliseconds from now it is due. Two copies differ in their delays,
 * not in their ids, as on AWS. Empty: it is lost.
 * @param random numbers from 0 up to 1
 */
export function delaysOfCopies(fault: EventFault, now: number, random: () => number): readonly number[] {
  if (random() < fault.drop) return [];
  const count = random() < fault.duplicate ? 2 : 1;
  return Array.from({ length: count }, () => delayOf(fault, now, random));
}

function delayOf({ delayMs: { min, max }, shuffleMs }: EventFault, now: number, random: () => number): number {
  const lateMs = min + Math.floor(random() * (max - min + 1));
  if (shuffleMs === 0) return lateMs;
  // All of a window end in the same millisecond; its fraction is the new order.
  const endOfWindow = (Math.floor((now + lateMs) / shuffleMs) + 1) * shuffleMs;
  return endOfWindow - now + random();
}

/** For people: what a fault does. */
export function describeFault({ delayMs, duplicate, drop, shuffleMs, seed }: EventFault): string {
  const seconds = (ms: number): string => `${ms / 1000} s`;
  const late =
    delayMs.min === delayMs.max ? seconds(delayMs.min) : `${seconds(delayMs.min)} to ${seconds(delayMs.max)}`;
  const percent = (share: number): string => `${Math.round(share * 10_000) / 100} %`;
  const parts = [
    ...(delayMs.max > 0 ? [`${late} late`] : []),
    ...(duplicate > 0 ? [`${percent(duplicate)} twice`] : []),
    ...(drop > 0 ? [`${percent(drop)} lost`] : []),
    ...(shuffleMs > 0 ? [`shuffled within ${seconds(shuffleMs)}`] : []),
  ];
  return `${parts.join(', ')} (seed ${seed})`;
}
