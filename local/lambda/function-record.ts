import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { PolicyStatement } from './permission.ts';

/** A function as it is stored. */
export interface FunctionRecord {
  readonly name: string;
  readonly arn: string;
  readonly role: string;
  readonly handler: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMiB: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly code: CodeRecord;
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
  readonly deadLetterArn?: string;
  readonly tracing: 'Active' | 'PassThrough';
  readonly logging: LoggingRecord;
  readonly architecture: 'arm64' | 'x86_64';
  readonly ephemeralMiB: number;
  /** ISO 8601 with milliseconds and +0000, as Lambda writes it. */
  readonly lastModified: string;
  /** New with each change of code or configuration; environments of an older one take no more calls. */
  readonly revisionId: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly reservedConcurrency?: number;
  readonly statements: readonly PolicyStatement[];
  readonly invokeConfig?: InvokeConfigRecord;
}

/** The unzipped code: its folder is named by the hash in hex, Lambda speaks of it in base64. */
export interface CodeRecord {
  readonly sha256Hex: string;
  readonly sha256Base64: string;
  readonly bytes: number;
}

/** Where and how a function logs. */
export interface LoggingRecord {
  readonly format: 'Text' | 'JSON';
  readonly group: string;
  readonly applicationLevel?: string;
}

/** How asynchronous invocations of a function are retried and where they end. `changedAt` is epoch milliseconds. */
export interface InvokeConfigRecord {
  readonly maxRetries?: number;
  readonly maxAgeSeconds?: number;
  readonly onSuccessArn?: string;
  readonly onFailureArn?: string;
  readonly changedAt: number;
}

/** A function as the operations answer it. */
export function describeFunction(record: FunctionRecord): FunctionConfiguration {
  const { logging } = record;
  return {
    FunctionName: record.name,
    FunctionArn: record.arn,
    Runtime: 'nodejs24.x',
    Role: record.role,
    Handler: record.handler,
    CodeSize: record.code.bytes,
    CodeSha256: record.code.sha256Base64,
    Description: record.description,
    Timeout: record.timeoutSeconds,
    MemorySize: record.memoryMiB,
    LastModified: record.lastModified,
    Version: '$LATEST',
    ...(record.vpc === undefined ? {} : { VpcConfig: describeVpc(record.vpc) }),
    ...(record.deadLetterArn === undefined ? {} : { DeadLetterConfig: { TargetArn: record.deadLetterArn } }),
    ...(Object.keys(record.environment).length === 0 ? {} : { Environment: { Variables: { ...record.environment } } }),
    TracingConfig: { Mode: record.tracing },
    RevisionId: record.revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: [record.architecture],
    EphemeralStorage: { Size: record.ephemeralMiB },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: {
      LogFormat: logging.format,
      LogGroup: logging.group,
      ...(logging.applicationLevel === undefined
        ? {}
        : {
            ApplicationLogLevel: logging.applicationLevel as NonNullable<
              FunctionConfiguration['LoggingConfig']
            >['ApplicationLogLevel'],
          }),
    },
  };
}

function describeVpc(vpc: NonNullable<FunctionRecord['vpc']>): FunctionConfiguration['VpcConfig'] {
  return { SubnetIds: [...vpc.subnetIds], SecurityGroupIds: [...vpc.securityGroupIds] };
}
