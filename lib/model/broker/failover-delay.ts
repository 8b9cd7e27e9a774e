import { type NodeId, roleOf } from '../node.ts';
import type { ServiceConfig } from '../service/config.ts';
import { durationSeconds } from '../service/duration.ts';
import { optionSchema } from '../service/option-schema.ts';

/** What follows a failure of a node. */
export interface FailoverSettings {
  readonly delaySeconds: number;
  readonly longestSeconds: number;
  /** Failures in a row that are followed by another try. Absent: all. */
  readonly tries?: number;
}

/** The settings of a node of this config. One that an earlier version of Warden has stored says nothing of them. */
export function failoverSettings(config: ServiceConfig, nodeId: NodeId): FailoverSettings {
  const section = roleOf(nodeId) === 'broker' ? ('brokers' as const) : ('controllers' as const);
  const { failover_max_tries: tries, ...delays } = config.options[section];
  const secondsOf = (option: 'failover_delay' | 'failover_max_delay'): number =>
    durationSeconds(delays[option] ?? '') ?? durationSeconds(optionSchema[section].fields[option].default) ?? 0;
  return {
    delaySeconds: secondsOf('failover_delay'),
    longestSeconds: secondsOf('failover_max_delay'),
    ...(tries === undefined ? {} : { tries }),
  };
}

/**
 * Seconds between an unasked stop and the next start, by the number of failures that count: the delay, doubled with each
 * further one up to the longest, as 10, 20, 40, then 60. Source: mesos/kafka guide, failed broker recovery.
 */
export function failoverDelaySeconds(failures: number, { delaySeconds, longestSeconds }: FailoverSettings): number {
  if (failures <= 0) return 0;
  return Math.min(delaySeconds * 2 ** (failures - 1), longestSeconds);
}

/** When a node may start again, in epoch milliseconds: at once after a stop that was asked for, else after the delay. */
export function nextStartDueAt(
  stop: { readonly stoppedAt?: number; readonly asked: boolean },
  failures: number,
  settings: FailoverSettings,
): number {
  return (stop.stoppedAt ?? 0) + (stop.asked ? 0 : failoverDelaySeconds(failures, settings)) * 1000;
}
