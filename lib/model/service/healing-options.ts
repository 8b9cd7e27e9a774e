import type { DurationOption, NumberOption, OptionSection, OptionWords, Range } from './option-field.ts';

const delay = (words: OptionWords, value: string): DurationOption => ({
  type: 'duration',
  ...words,
  default: value,
  leastSeconds: 1,
  mostSeconds: 86_400,
  allowed: 'from 1s to 24h',
});

/** Of the nodes of one role. Source: mesos/kafka guide, failed broker recovery. */
export const failover = {
  failover_delay: delay(
    {
      title: 'Failover delay',
      description:
        'How long a node that stopped without being asked to is down before it starts again; it doubles with each failure since it was in sync. A number with s, m, h or d.',
    },
    '10s',
  ),
  failover_max_delay: delay(
    { title: 'Longest failover delay', description: 'What the failover delay doubles up to. Spelled alike.' },
    '60s',
  ),
  failover_max_tries: {
    type: 'optional integer',
    title: 'Failover tries',
    description:
      'A node that has failed more often than that since it was in sync is deactivated: it stays down until an operator reactivates it, or an update gives it another config.',
    absent: 'leave it out to try for ever',
    least: 1,
    most: 1000,
  },
} as const satisfies OptionSection['fields'];

const seconds = (words: OptionWords, value: number, range: Range): NumberOption => ({
  type: 'integer',
  ...words,
  default: value,
  unit: 'seconds',
  ...range,
});

/** The 1.x guide's, with its defaults. */
export const healthCheck = {
  enable_health_check: {
    type: 'boolean',
    title: 'Health check',
    description:
      'Whether the container of each node asks it now and then for an answer, and ends its process when there is none any more: recovery starts it again.',
    default: true,
  },
  health_check_delay_sec: seconds(
    { title: 'Health check delay', description: 'How long after a start the first health check begins.' },
    15,
    { least: 0, most: 3600 },
  ),
  health_check_interval_sec: seconds(
    { title: 'Health check interval', description: 'From the end of one health check to the beginning of the next.' },
    10,
    { least: 1, most: 3600 },
  ),
  health_check_timeout_sec: {
    ...seconds(
      { title: 'Health check timeout', description: 'How long a node may take to answer before a check has failed.' },
      20,
      { least: 5, most: 600 },
    ),
    hint: 'a collection of garbage may stop a healthy node for seconds: leave it at 20, or choose 5 or more',
  },
  health_check_grace_period_sec: seconds(
    {
      title: 'Health check grace period',
      description:
        'How long after the delay failures do not count. Before the first success of a start none does, however long that takes.',
    },
    10,
    { least: 0, most: 3600 },
  ),
  health_check_max_consecutive_failures: {
    type: 'integer',
    title: 'Health check failures',
    description: 'How many health checks in a row fail before the process of a node is ended.',
    default: 3,
    least: 1,
    most: 100,
  },
} as const satisfies OptionSection['fields'];

/** The 1.x guide's, with its defaults and its warning. */
export const replacement = {
  enable_replacement: {
    type: 'boolean',
    title: 'Automated replacement',
    description:
      'Enable automated replacement of Brokers. WARNING: May cause data loss. See documentation. Here it also moves controllers, ends hosts whose nodes are all dead, and takes an empty volume only while each partition has another replica in sync.',
    default: false,
  },
  recover_in_place_grace_period_secs: seconds(
    {
      title: 'Grace period of recovery in place',
      description: 'The minimum amount of time which must pass before a node may be replaced.',
    },
    1200,
    { least: 60, most: 604_800 },
  ),
  min_delay_between_recovers_secs: seconds(
    {
      title: 'Least time between replacements',
      description: 'The minimum amount of time which must pass between replacements of nodes of the service.',
    },
    600,
    { least: 0, most: 604_800 },
  ),
} as const satisfies OptionSection['fields'];
