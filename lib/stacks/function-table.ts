/**
 * `aws` functions run outside the VPC and call AWS; `kafka` functions run inside it and reach Kafka and the table,
 * nothing else. No function needs both, so the VPC needs neither NAT nor interface endpoints.
 */
type FunctionGroup = 'aws' | 'kafka';

export type FunctionName =
  | 'Api'
  | 'ApiCommands'
  | 'ApiDeployment'
  | 'ApiKafka'
  | 'Authorizer'
  | 'Events'
  | 'StepsAws'
  | 'StepsEc2'
  | 'StepsKafka'
  | 'StepsUpkeep';

/** What the stack tells a function by its environment. */
export type EnvironmentName =
  | 'WARDEN_TABLE'
  /** ARN. */
  | 'WARDEN_CLUSTER'
  /** Name of the log group of the Kafka processes. */
  | 'WARDEN_LOG_GROUP'
  /** What the ARN of each state machine begins with. */
  | 'WARDEN_MACHINE_PREFIX'
  /** ARN of the secret that holds the tokens. */
  | 'WARDEN_TOKENS_SECRET'
  /** Name of the private zone; only in a deployment with one. */
  | 'WARDEN_ZONE'
  /** Its id. */
  | 'WARDEN_HOSTED_ZONE'
  /** ARN of the stack itself. */
  | 'WARDEN_STACK'
  /** URLs of the queues of lost events. */
  | 'WARDEN_UNDELIVERED_QUEUE'
  | 'WARDEN_FAILED_QUEUE';

/** One Lambda function: its entry file is bundled to `dist/functions/<name>/index.mjs`. */
export interface FunctionSpec {
  readonly name: FunctionName;
  /** Relative to the root of the repository. */
  readonly entry: string;
  readonly group: FunctionGroup;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMiB: number;
  readonly environment: readonly EnvironmentName[];
}

/** Every function of Warden, once: the bundler and the stack both read this table. */
export const functionTable: readonly FunctionSpec[] = [
  {
    name: 'Api',
    entry: 'functions/api/aws.ts',
    group: 'aws',
    description: 'HTTP API: routes that read state, and change and end services',
    timeoutSeconds: 29,
    memoryMiB: 512,
    environment: ['WARDEN_TABLE', 'WARDEN_MACHINE_PREFIX', 'WARDEN_ZONE'],
  },
  {
    name: 'ApiCommands',
    entry: 'functions/api/api-commands.ts',
    group: 'aws',
    description: 'HTTP API: commands on plans and single nodes',
    timeoutSeconds: 29,
    memoryMiB: 512,
    environment: ['WARDEN_TABLE', 'WARDEN_MACHINE_PREFIX', 'WARDEN_ZONE'],
  },
  {
    name: 'ApiDeployment',
    entry: 'functions/api/api-deployment.ts',
    group: 'aws',
    description: 'HTTP API: installs, and the protection of the stack',
    timeoutSeconds: 29,
    memoryMiB: 512,
    environment: ['WARDEN_TABLE', 'WARDEN_MACHINE_PREFIX', 'WARDEN_STACK', 'WARDEN_ZONE'],
  },
  {
    name: 'ApiKafka',
    entry: 'functions/api/kafka.ts',
    group: 'kafka',
    description: 'HTTP API: routes that ask Kafka',
    timeoutSeconds: 29,
    memoryMiB: 512,
    environment: ['WARDEN_TABLE'],
  },
  {
    name: 'Authorizer',
    entry: 'functions/api/authorizer.ts',
    group: 'aws',
    description: 'HTTP API: checks the token of a request',
    timeoutSeconds: 5,
    memoryMiB: 256,
    environment: ['WARDEN_TOKENS_SECRET'],
  },
  {
    name: 'Events',
    entry: 'functions/events/events.ts',
    group: 'aws',
    description: 'Takes in what ECS, EC2 and Step Functions tell',
    timeoutSeconds: 15,
    memoryMiB: 512,
    environment: ['WARDEN_TABLE', 'WARDEN_CLUSTER', 'WARDEN_LOG_GROUP', 'WARDEN_MACHINE_PREFIX'],
  },
  {
    name: 'StepsAws',
    entry: 'functions/steps/aws.ts',
    group: 'aws',
    description: 'Steps of the state machines that call ECS',
    timeoutSeconds: 15,
    memoryMiB: 512,
    environment: ['WARDEN_TABLE', 'WARDEN_CLUSTER', 'WARDEN_LOG_GROUP', 'WARDEN_MACHINE_PREFIX'],
  },
  {
    name: 'StepsEc2',
    entry: 'functions/steps/ec2.ts',
    group: 'aws',
    description: 'Steps of the state machines that call EC2',
    timeoutSeconds: 30,
    memoryMiB: 512,
    environment: ['WARDEN_TABLE', 'WARDEN_CLUSTER', 'WARDEN_MACHINE_PREFIX'],
  },
  {
    name: 'StepsKafka',
    entry: 'functions/steps/kafka.ts',
    group: 'kafka',
    description: 'Steps of the state machines that ask Kafka',
    timeoutSeconds: 75,
    memoryMiB: 512,
    environment: ['WARDEN_TABLE'],
  },
  {
    name: 'StepsUpkeep',
    entry: 'functions/steps/upkeep.ts',
    group: 'aws',
    description: 'Steps of the state machines that keep records, names and lost events right',
    timeoutSeconds: 15,
    memoryMiB: 512,
    environment: [
      'WARDEN_TABLE',
      'WARDEN_CLUSTER',
      'WARDEN_LOG_GROUP',
      'WARDEN_MACHINE_PREFIX',
      'WARDEN_UNDELIVERED_QUEUE',
      'WARDEN_FAILED_QUEUE',
      'WARDEN_ZONE',
      'WARDEN_HOSTED_ZONE',
    ],
  },
];
