/** What can be measured in a round. Times are seconds, gaps milliseconds. */
export type Quantity =
  | 'deploy'
  | 'bare boot'
  | 'roll of brokers'
  | 'bare roll of brokers'
  | 'roll of controllers'
  | 'bare roll of controllers'
  | 'late roll of brokers'
  | 'roll of brokers with default timers'
  | 'roll of brokers by the shell loop'
  | 'partition gap in a roll'
  | 'partition gap with default timers'
  | 'leaders moved after a crash'
  | 'leaders moved after a crash with defaults'
  | 'partition gap after a crash'
  | 'partition gap after a crash with defaults'
  | 'leaders moved after a crash with the controller'
  | 'leaders moved after a crash with the controller and defaults'
  | 'partition gap after a crash with the controller'
  | 'partition gap after a crash with the controller and defaults'
  | 'recovery of a broker'
  | 'recovery of a broker, failover delay 1 s'
  | 'bare recovery of a broker'
  | 'partition gap when a broker is back'
  | 'partition gap when a broker is back, bare';

/** Where the time of one node's start or restart went: seconds by phase. */
export interface NodeTime {
  readonly nodeId: number;
  readonly phases: Readonly<Record<string, number>>;
}

/** What clients saw of a roll under load. */
export interface LoadSeen {
  readonly client: string;
  readonly offered: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly failed: number;
  readonly longestPartitionGapMs: number;
}

/** One measured value, beside what the machine was doing. */
export interface Measurement {
  readonly quantity: Quantity;
  readonly round: number;
  readonly value: number;
  /** Processes that wanted a processor in the minute before. Ours are among them. */
  readonly load: number;
  readonly nodes: readonly NodeTime[];
  readonly clients?: readonly LoadSeen[];
}
