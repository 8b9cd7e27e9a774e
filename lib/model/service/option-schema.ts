/** One option as data: the same words serve validation, the API's document and the CLI. */
export type OptionField = TextOption | NumberOption;

interface OptionWords {
  readonly title: string;
  readonly description: string;
}

export interface TextOption extends OptionWords {
  readonly type: 'string';
  readonly default: string;
  readonly pattern: RegExp;
  /** The pattern in words. */
  readonly allowed: string;
}

export interface NumberOption extends OptionWords {
  readonly type: 'integer' | 'number';
  readonly default: number;
  readonly unit?: string;
  readonly least: number;
  readonly most: number;
  /** One value outside of the range that is allowed too. */
  readonly also?: number;
  /** Only these values of the range. */
  readonly oneOf?: readonly number[];
}

export interface OptionSection extends OptionWords {
  readonly type: 'section';
  readonly fields: Readonly<Record<string, OptionField | OptionSection>>;
}

/** Kafka's own broker properties, spelled with `_` for `.`; their definitions are Kafka's. */
export interface KafkaSection extends OptionWords {
  readonly type: 'kafka properties';
}

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
      port: port('Broker'),
    },
  },
  controllers: {
    type: 'section',
    title: 'Controllers',
    description: 'The KRaft controllers, which hold the metadata. They run on the hosts of the brokers.',
    fields: {
      count: {
        type: 'integer',
        title: 'Controller count',
        description: 'Number of controllers; their ids are 1000 and on. A majority must run.',
        default: 3,
        least: 1,
        most: 5,
        oneOf: [1, 3, 5],
      },
      cpus: cpus(0.5),
      mem: memory(512),
      heap: heap(256),
      disk: disk(1000),
      port: port('Controller'),
    },
  },
  kafka: {
    type: 'kafka properties',
    title: 'Kafka',
    description:
      "Properties of the brokers, spelled as Kafka's with _ for ., for example log_retention_hours. What is not given has Warden's safe default or Kafka's.",
  },
} as const satisfies Readonly<Record<string, OptionSection | KafkaSection>>;
