import type { Chaos } from './chaos.ts';

/** Who makes a call: the operator of this machine, a session of a role, or a service of AWS. */
export interface Caller {
  readonly accessKeyId: string;
  /** arn:aws:iam::…:root, arn:aws:sts::…:assumed-role/<role>/<session>, or for example events.amazonaws.com. */
  readonly principalArn: string;
  /** For a service: the resource on whose behalf it calls. */
  readonly sourceArn?: string;
}

/** A permission that an act needs: an action as IAM writes it, on one resource. */
export interface Right {
  /** For example dynamodb:PutItem. */
  readonly action: string;
  /** ARN; * where IAM knows no resource level. */
  readonly resource: string;
  /** Values of condition keys that this act has beside those of every request. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** A call about to be made, for the rules that may forbid it. */
export interface CallToAuthorize {
  readonly caller: Caller;
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: object;
}

/** Says no, by throwing AccessDenied in the service's words. Denials are written down. */
export interface Authorizer {
  readonly call: (call: CallToAuthorize) => void | Promise<void>;
  /** For what a service does for a caller without a call that could be asked about. */
  readonly act: (caller: Caller, rights: readonly Right[]) => void | Promise<void>;
  /** Writes down what another rule denied: the resource's own policy. */
  readonly note: (caller: Caller, right: Right) => void;
}

/** What a handler gets beside its input. */
export interface CallContext {
  readonly requestId: string;
  readonly caller: Caller;
}

/**
 * One AWS operation. Input and output have the shapes of the SDK v3 command of the same name
 * (Date for timestamps, Uint8Array for blobs). Refusals are thrown as AwsError.
 */
// biome-ignore lint/suspicious/noExplicitAny: the SDK's schemas check both sides at run time, member by member
export type Handler = (input: any, context: CallContext) => unknown | Promise<unknown>;

export type Handlers = Readonly<Record<string, Handler>>;

/** The services of the local cloud, named as the SDK's signing or client names. */
export type ServiceName =
  | 'apigatewayv2'
  | 'autoscaling'
  | 'cloudformation'
  | 'dynamodb'
  | 'ec2'
  | 'ecs'
  | 'events'
  | 'iam'
  | 'lambda'
  | 'logs'
  | 'route53'
  | 's3'
  | 'secretsmanager'
  | 'sfn'
  | 'sqs'
  | 'ssm'
  | 'sts';

/** An event that an AWS service puts on the default bus. `time` is epoch milliseconds. */
export interface AwsEvent {
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly time: number;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A service: what it answers, and what it does when the cloud starts again over its stored state, or stops. */
export interface LocalService {
  readonly name: ServiceName;
  readonly handlers: Handlers;
  /**
   * Only DynamoDB has it: operations without a handler are passed on to a server that speaks the same protocol,
   * the body byte for byte.
   */
  readonly forward?: (operation: string, body: Buffer) => Promise<ForwardedAnswer>;
  /** Called once after all services exist and the endpoint listens: resumes what was under way. */
  readonly start?: () => void | Promise<void>;
  /** Only the events service has it: takes an event into its durable queue before it returns. */
  readonly accept?: (event: AwsEvent) => void;
  /** Only IAM has it: role policies. A cloud without IAM forbids nothing. */
  readonly authorizer?: Authorizer;
  /** What the operator of this machine may disturb in it; a graceful stop ends that too. */
  readonly chaos?: Chaos;
  /** Called on a graceful stop. A kill -9 never calls it, and nothing may depend on it. */
  readonly stop?: () => void | Promise<void>;
}

/** The answer of the server behind a forwarding service, as it goes on the wire. */
export interface ForwardedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Keys for calls over the wire, as STS issues them. */
interface Credentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
  readonly Expiration: Date;
}

/** Who stands behind which access key. Keys outlive the process. */
export interface Callers {
  /** Issues keys that stand for a principal, for example arn:aws:sts::…:assumed-role/Api/session. */
  readonly issue: (principalArn: string, durationSeconds: number) => Credentials;
  /** An unknown key is the operator's, who is the root of the account. */
  readonly find: (accessKeyId: string) => Caller;
}

/** How late a cloud is on purpose, in milliseconds: on AWS a call of a function and an event take their time. */
export interface Delays {
  /** From the call of a function to its begin, in addition to the begin of a cold environment. */
  readonly callMs: number;
  /** From an event of a service to its first delivery; schedules keep their time. */
  readonly eventMs: number;
}

/** What the services share. Each service is made by a function `(cloud: Cloud) => LocalService`. */
export interface Cloud {
  readonly region: string;
  readonly accountId: string;
  readonly partition: 'aws';
  /** Base address of the wire endpoint, for example http://127.0.0.1:4566 */
  readonly endpointUrl: string;
  /** The folder that holds all state; each service keeps to `join(dataFolder, name)`. */
  readonly dataFolder: string;
  /** Where jars from Maven Central lie: `<optFolder>/<artifact>/libs` (kafka-4.3.1, dynamodb-local), each with a `.complete` marker. */
  readonly optFolder: string;
  /** The port from which on the HTTP APIs listen (one port per API). */
  readonly apiPort: number;
  readonly callers: Callers;
  /** The first two parts of the hosts' loopback addresses, for example 127.0: two clouds on one machine differ in it. */
  readonly addressPrefix: string;
  /** Absent: everything happens as soon as it can. */
  readonly delays?: Delays;
  /** Calls an operation of another service in process, checked by the same schemas as over the wire. */
  readonly call: CallFunction;
  /** Role policies for what is no call of an operation. */
  readonly authorizer: Authorizer;
  /** Puts an event on the default bus; it is durable when this returns and delivered at least once. */
  readonly emit: (event: AwsEvent) => void;
  readonly log: (line: string) => void;
}

// biome-ignore lint/suspicious/noExplicitAny: as Handler
export type CallFunction = (service: ServiceName, operation: string, input: object, caller?: Caller) => Promise<any>;
