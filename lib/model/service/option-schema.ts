import { failover, healthCheck, replacement } from './healing-options.ts';
import type { KafkaSection, NumberOption, OptionSection, OptionWords, Range } from './option-field.ts';

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
