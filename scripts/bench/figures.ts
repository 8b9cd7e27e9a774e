import type { LoadSeen, Measurement, Quantity } from './measurement.ts';

/** A ratio that the product is held to: `of` over `to`, each pair measured in one round. */
export interface RatioRow {
  readonly title: string;
  readonly of: Quantity;
  readonly to: Quantity;
  readonly bar?: number;
  readonly aim?: number;
}

/** A value that the product is held to. */
export interface ValueRow {
  readonly title: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly bar?: number;
  readonly aim?: number;
}

type Verdict = 'aim reached' | 'bar reached' | 'BAR MISSED' | 'shown only' | 'VOID' | 'not measured';

/** A row as it is shown. */
export interface Figure {
  readonly title: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly median?: number;
  readonly bar?: number;
  readonly aim?: number;
  readonly verdict: Verdict;
  /** What the ratios were made of. */
  readonly pairs?: readonly { readonly round: number; readonly of: number; readonly to: number }[];
}

/** The rows of deploy, roll and recovery. Source: design, the numbers to reach. */
export const ratioRows: readonly RatioRow[] = [
  { title: 'deploy ÷ bare boot', of: 'deploy', to: 'bare boot', bar: 1.5, aim: 1.1 },
  {
    title: 'roll of 3 brokers ÷ bare roll',
    of: 'roll of brokers',
    to: 'bare roll of brokers',
    bar: 1.15,
    aim: 1.04,
  },
  { title: 'roll of 3 controllers ÷ bare roll', of: 'roll of controllers', to: 'bare roll of controllers' },
  {
    title: 'roll, 40 ms a call, events 500 ms late ÷ bare roll',
    of: 'late roll of brokers',
    to: 'bare roll of brokers',
    bar: 1.3,
    aim: 1.1,
  },
  {
    title: "roll ÷ bare roll with Kafka's default timers",
    of: 'roll of brokers',
    to: 'roll of brokers with default timers',
    bar: 0.5,
    aim: 0.3,
  },
  {
    title: "roll ÷ shell loop with Kafka's tools and defaults",
    of: 'roll of brokers',
    to: 'roll of brokers by the shell loop',
    bar: 0.5,
    aim: 0.25,
  },
  {
    title: 'longest gap of a partition in a roll ÷ with default timers',
    of: 'partition gap in a roll',
    to: 'partition gap with default timers',
    bar: 0.8,
    aim: 0.3,
  },
  {
    title: 'kill -9 of a broker, until its leaders moved ÷ with defaults and no control plane',
    of: 'leaders moved after a crash',
    to: 'leaders moved after a crash with defaults',
    ...{ bar: 0.2, aim: 0.05 },
  },
  {
    title: 'kill -9 of a broker, longest gap of a partition ÷ with defaults and no control plane',
    of: 'partition gap after a crash',
    to: 'partition gap after a crash with defaults',
    ...{ bar: 0.2, aim: 0.05 },
  },
  {
    title: 'the active controller dies with it, until leaders moved ÷ with defaults and no control plane',
    of: 'leaders moved after a crash with the controller',
    to: 'leaders moved after a crash with the controller and defaults',
    ...{ bar: 0.4, aim: 0.2 },
  },
  {
    title: 'the active controller dies with it, longest gap of a partition ÷ with defaults and no control plane',
    of: 'partition gap after a crash with the controller',
    to: 'partition gap after a crash with the controller and defaults',
    ...{ bar: 0.4, aim: 0.2 },
  },
  {
    title: 'recovery of a killed broker ÷ bare script that restarts it at once',
    of: 'recovery of a broker',
    to: 'bare recovery of a broker',
  },
  {
    title: 'longest gap of a partition when it leads again ÷ the same after the bare script',
    of: 'partition gap when a broker is back',
    to: 'partition gap when a broker is back, bare',
  },
  {
    title: 'recovery with a failover delay of 1 s instead of 10 s ÷ that bare script',
    of: 'recovery of a broker, failover delay 1 s',
    to: 'bare recovery of a broker',
  },
];

/** The middle value; of an even number the mean of the two in the middle. @throws RangeError of no values */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no values have no median');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? 0;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? 0) + upper) / 2 : upper;
}

/** Compares what was measured in the same round. A row whose clients lost or failed records is void, whatever it says. */
export function ratioFigure(row: RatioRow, measurements: readonly Measurement[]): Figure {
  const pairs = measurements.flatMap(({ quantity, round, value }) => {
    const other = measurements.find((candidate) => candidate.quantity === row.to && candidate.round === round);
    return quantity !== row.of || other === undefined ? [] : [{ round, of: value, to: other.value }];
  });
  const used = measurements.filter(({ quantity }) => quantity === row.of || quantity === row.to);
  const isVoid = used.some(({ clients = [] }) => !clients.every(isUnharmed));
  const values = pairs.map(({ of, to }) => of / to);
  const figure = valueFigure({ ...row, unit: '×', values });
  return { ...figure, pairs, ...(isVoid ? { verdict: 'VOID' as const } : {}) };
}

/** Whether a client's records came to no harm. */
export function isUnharmed({ lost, failed }: LoadSeen): boolean {
  return lost === 0 && failed === 0;
}

export function valueFigure({ title, unit, values, bar, aim }: ValueRow): Figure {
  const limits = { ...(bar === undefined ? {} : { bar }), ...(aim === undefined ? {} : { aim }) };
  if (values.length === 0) return { title, unit, values, ...limits, verdict: 'not measured' };
  const middle = median(values);
  return { title, unit, values, median: middle, ...limits, verdict: verdictOf(middle, limits) };
}

function verdictOf(value: number, { bar, aim }: Pick<ValueRow, 'bar' | 'aim'>): Verdict {
  if (aim !== undefined && value <= aim) return 'aim reached';
  if (bar === undefined) return 'shown only';
  return value <= bar ? 'bar reached' : 'BAR MISSED';
}
