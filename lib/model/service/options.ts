import type { Strategy } from '../plan/strategy.ts';

/** Resources of one node. CPU in cores, memory, heap and disk in MiB, as in the guides. */
export interface NodeOptions {
  readonly count: number;
  readonly cpus: number;
  readonly mem: number;
  readonly heap: { readonly size: number };
  readonly disk: number;
  /** 0 = chosen at install: the lowest free one. In a stored config it is never 0. */
  readonly port: number;
  /** Between an unasked stop and the next start, doubling up to the longest: `10s`, `2m`, `3h`, `1d`. */
  readonly failover_delay: string;
  readonly failover_max_delay: string;
  /** After more failures in a row than that a node is deactivated. Absent: never. */
  readonly failover_max_tries?: number;
}

/** How many files a process may have open. */
interface OpenFileLimits {
  readonly soft: number;
  readonly hard: number;
}

/** Whether controllers are processes of their own. */
export type ControllersMode = 'dedicated' | 'combined';

/** How nodes are asked whether they still answer. Periods in seconds. */
export interface HealthCheckOptions {
  readonly enable_health_check: boolean;
  readonly health_check_delay_sec: number;
  /** From the end of one check to the beginning of the next. */
  readonly health_check_interval_sec: number;
  readonly health_check_timeout_sec: number;
  /** After the delay. */
  readonly health_check_grace_period_sec: number;
  readonly health_check_max_consecutive_failures: number;
}

/** When Warden replaces nodes by itself. A config that an earlier version has stored says nothing of it. */
interface ReplacementOptions {
  readonly enable_replacement: boolean;
  /** How long a node is down before it is replaced. */
  readonly recover_in_place_grace_period_secs: number;
  /** From one replacement of the service to the next. */
  readonly min_delay_between_recovers_secs: number;
}

/** The options document, resolved: every field has a value. Spelled as in the guides. */
export interface ServiceOptions {
  readonly service: HealthCheckOptions &
    ReplacementOptions & {
      readonly name: string;
      /** Marathon's lists as JSON text in the one stored spelling; of the brokers. */
      readonly placement_constraint: string;
      /** Canary strategies stop an update for an operator before its first and before its second broker. */
      readonly deploy_strategy: Strategy;
      /** What becomes of an update whose canary fails. */
      readonly rollback: 'manual' | 'automatic';
      /** Seconds that a canary has to be in sync, before it counts as failed. */
      readonly canary_limit_secs: number;
      /** Seconds that a node is watched in sync before the next one begins. */
      readonly minimum_soak_secs: number;
      readonly rlimits: { readonly rlimit_nofile: OpenFileLimits };
    };
  readonly brokers: NodeOptions & {
    readonly disk_type: 'ROOT' | 'MOUNT';
    /** Seconds from SIGTERM to SIGKILL. */
    readonly kill_grace_period: number;
  };
  readonly controllers: NodeOptions & {
    /** combined: node 0 is broker and controller at once; then `count` is 0 and only `port` has a meaning. */
    readonly mode: ControllersMode;
  };
  /** Kafka's properties with `_` for `.`, only those that the user gave: Kafka's own defaults and ours are added when a node starts. */
  readonly kafka: Readonly<Record<string, string | number | boolean>>;
}
