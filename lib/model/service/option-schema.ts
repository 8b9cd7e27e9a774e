import type { DurationOption, KafkaSection, NumberOption, OptionSection, OptionWords } from './option-field.ts';

/** The ports that the security groups of the hosts open. */
export const openPorts = { least: 9092, most: 9391 } as const;

const port = (of: string): NumberOption => ({
  type: 'integer',
  title: `${of} port`,
  description: `TCP port that every ${of.toLowerCase()} of the service listens on. 0 takes the lowest free one at install.`,
  default: 0,
  ...openPorts,
  also: 0,
});

const cpus = (value: number): NumberOption => ({
  type: 'number',
  title: 'CPU shares',
  description: 'CPU that a node reserves on its host, in cores.',
  default: value,
  unit: 'cores',
  least: 0.1,
  most: 192,
});

interface Range {
  readonly least: number;
  readonly most: number;
}

const mebibytes = (words: OptionWords, value: number, range: Range): NumberOption => ({
  type: 'integer',
  ...words,
  default: value,
  unit: 'MiB',
  ...range,
});

const heap = (value: number) =>
  ({
    type: 'section',
    title: 'JVM heap',
    description: 'The JVM heap of a node.',
    fields: {
      size: mebibytes(
        { title: 'Heap size', description: 'Heap of the JVM, less than mem: the rest of mem is page cache.' },
        value,
        { least: 128, most: 1_000_000 },
      ),
    },
  }) as const satisfies OptionSection;

const memory = (value: number): NumberOption =>
  mebibytes({ title: 'Memory', description: 'Memory that a node reserves on its host.' }, value, {
    least: 256,
    most: 24_000_000,
  });

const limit = (title: string, description: string): NumberOption => ({
  type: 'integer',
  title,
  description,
  default: 128_000,
  least: 128_000,
  most: 1_048_576,
});

const disk = (value: number): NumberOption =>
  mebibytes({ title: 'Disk', description: "Size of a node's own EBS volume, rounded up to whole GiB." }, value, {
    least: 1000,
    most: 16_777_216,
  });

const delay = (words: OptionWords, value: string): DurationOption => ({
  type: 'duration',
  ...words,
  default: value,
  leastSeconds: 1,
  mostSeconds: 86_400,
  allowed: 'from 1s to 24h',
});

/** Of the nodes of one role. Source: mesos/kafka guide, failed broker recovery. */
const failover = {
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
const healthCheck = {
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
const replacement = {
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

/** All options with their defaults, named as in the guides. */
export const optionSchema = {
  service: {
    type: 'section',
    title: 'Service',
    description: 'The service as a whole.',
    fields: {
      name: {
        type: 'string',
        title: 'Service name',
        description: 'Name of this Kafka cluster, unique in the deployment. It cannot change.',
        default: 'kafka',
        pattern: /^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/,
        allowed: 'at most 32 lower-case letters, digits and hyphens, from a letter to a letter or digit',
      },
      placement_constraint: {
        type: 'constraint',
        title: 'Placement constraint',
        description:
          'How many brokers may share a host or a zone, in the words of Marathon: field hostname or zone, operator MAX_PER with a number, or UNIQUE. Empty for none. All brokers of a service listen on one port, so no host takes two of them in any case. Controllers are not constrained: they spread as far as they can and share hosts with brokers.',
        default: '[["hostname","MAX_PER","1"]]',
      },
      placement_strategy: {
        type: 'choice',
        title: 'Placement strategy',
        description: 'Short for a placement constraint and kept as one: NODE is hostname:MAX_PER:1, ANY is none.',
        default: 'NODE',
        choices: ['ANY', 'NODE'],
      },
      deploy_strategy: {
        type: 'choice',
        title: 'Deploy strategy',
        description:
          'How brokers are installed and updated: one after the other or, where nothing has to stop for it, side by side; a canary strategy stops an update for an operator before its first and before its second broker.',
        default: 'serial',
        choices: ['serial', 'parallel', 'serial-canary', 'parallel-canary'],
      },
      phase_strategy: {
        type: 'choice',
        title: 'Phase strategy',
        description:
          'The 1.x spelling of the deploy strategy and kept as one: INSTALL is serial, STAGE is serial-canary.',
        default: 'INSTALL',
        choices: ['INSTALL', 'STAGE'],
      },
      rollback: {
        type: 'choice',
        title: 'Rollback',
        description:
          'What becomes of an update whose first broker fails or is not in sync within canary_limit_secs, under a canary strategy. manual: the update stops there. automatic: that broker gets the old config back.',
        default: 'manual',
        choices: ['manual', 'automatic'],
      },
      canary_limit_secs: {
        type: 'integer',
        title: 'Canary limit',
        description: 'How long the first broker of an update may take to be in sync, under a canary strategy.',
        default: 600,
        unit: 'seconds',
        least: 30,
        most: 86_400,
      },
      minimum_soak_secs: {
        type: 'integer',
        title: 'Minimum soak',
        description: 'How long an updated node must be in sync before the next one begins.',
        default: 0,
        unit: 'seconds',
        least: 0,
        most: 86_400,
      },
      ...healthCheck,
      ...replacement,
      rlimits: {
        type: 'section',
        title: 'Resource limits',
        description: 'Limits of the processes of all nodes.',
        fields: {
          rlimit_nofile: {
            type: 'section',
            title: 'Open files',
            description: 'How many files and connections a node may have open.',
            fields: {
              soft: limit('Soft limit of open files', 'The limit that is in force.'),
              hard: limit('Hard limit of open files', 'What the soft limit may not exceed.'),
            },
          },
        },
      },
    },
  },
  brokers: {
    type: 'section',
    title: 'Brokers',
    description: 'The brokers, which hold the data. All are alike.',
    fields: {
      count: {
        type: 'integer',
        title: 'Broker count',
        description: 'Number of brokers; their ids are 0 to count - 1.',
        default: 3,
        least: 1,
        most: 100,
      },
      cpus: cpus(1),
      mem: memory(2048),
      heap: heap(512),
      disk: disk(5000),
      disk_type: {
        type: 'choice',
        title: 'Disk type',
        description:
          "As in the guides. Either way a broker has a gp3 EBS volume of its own, never the host's root disk. It cannot change.",
        default: 'ROOT',
        choices: ['ROOT', 'MOUNT'],
      },
      port: port('Broker'),
      kill_grace_period: {
        type: 'integer',
        title: 'Kill grace period',
        description: 'How long a broker may take to stop before it is killed.',
        default: 300,
        unit: 'seconds',
        least: 300,
        most: 3600,
        hint: 'handing over leaders may take minutes under load, and a killed broker must recover its log: leave it at 300 or raise it',
      },
      ...failover,
    },
  },
  controllers: {
    type: 'section',
    title: 'Controllers',
    description: 'The KRaft controllers, which hold the metadata. They run on the hosts of the brokers.',
    fields: {
      mode: {
        type: 'choice',
        title: 'Controllers mode',
        description:
          'dedicated: controllers are nodes of their own. combined: the one broker is the controller too; of this section only port has a meaning then. Default: combined if brokers.count is 1 and nothing is said of controllers, else dedicated.',
        default: 'dedicated',
        choices: ['dedicated', 'combined'],
      },
      count: {
        type: 'integer',
        title: 'Controller count',
        description: 'Number of controllers; their ids are 1000 and on. A majority must run.',
        default: 3,
        least: 1,
        most: 5,
        oneOf: [1, 3, 5],
        hint: 'for one node without controllers of its own set controllers.mode to combined',
      },
      cpus: cpus(0.5),
      mem: memory(512),
      heap: heap(256),
      disk: disk(1000),
      port: port('Controller'),
      ...failover,
    },
  },
  kafka: {
    type: 'kafka properties',
    title: 'Kafka',
    description:
      "Properties of the brokers, spelled as Kafka's with _ for ., for example log_retention_hours. What is not given has Warden's safe default or Kafka's.",
  },
} as const satisfies Readonly<Record<string, OptionSection | KafkaSection>>;
