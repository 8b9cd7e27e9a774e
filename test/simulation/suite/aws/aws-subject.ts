import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** An event as it reached the default bus. */
export interface SeenEvent {
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/** Something that speaks as DynamoDB, ECS and EC2 do: the models of the simulation, or the local cloud. */
export interface AwsSubject {
  readonly dynamodb: DynamoDBDocumentClient;
  readonly ecs: ECSClient;
  readonly ec2: EC2Client;
  /** A table with the string keys pk and sk. */
  readonly table: string;
  readonly cluster: string;
  /** Hosts of m7g.large, in us-east-1a and us-east-1b. */
  readonly hosts: readonly [SuiteHost, SuiteHost];
  /** A host in us-east-1a that a case may bring down. */
  takeHost(): Promise<SuiteHost>;
  /** Asks again and again, while time passes, until the answer fits. */
  waitFor<Answer>(ask: () => Promise<Answer>, fits: (answer: Answer) => boolean): Promise<Answer>;
  events(): readonly SeenEvent[];
  /** The process of the task's container dies by SIGKILL. */
  killTask(host: SuiteHost, taskArn: string): void;
  /** The instance is terminated. */
  terminateHost(host: SuiteHost): Promise<void>;
  /** The host loses its power without a word. */
  crashHost(host: SuiteHost): Promise<void>;
  /** A crashed host boots again. */
  rebootHost(host: SuiteHost): Promise<void>;
}

export interface SuiteHost {
  readonly instanceId: string;
  readonly zone: string;
}

/** What containers of the suite do: lines of bash, understood by the double that stands for programs too. */
export const scripts = {
  endsWith7: 'exit 7',
  sleeps: 'exec sleep 600',
  endsOnTerm: 'trap "exit 0" TERM; while :; do sleep 0.05; done',
  ignoresTerm: 'trap "" TERM; while :; do sleep 0.05; done',
  formats: 'mkfs.xfs -q "$DEVICE"',
} as const;

let lastNumber = 0;

/** A name that no other case has. */
export function freshName(prefix: string): string {
  lastNumber += 1;
  return `${prefix}-${lastNumber}`;
}
