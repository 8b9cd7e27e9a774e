/** A tag as AWS writes it. */
interface Tag {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
}

/** Where and how much of a machine's history is logged; AWS's own members. */
export interface LoggingConfiguration {
  readonly level?: 'ALL' | 'ERROR' | 'FATAL' | 'OFF';
  readonly includeExecutionData?: boolean;
  readonly destinations?: readonly { readonly cloudWatchLogsLogGroup?: { readonly logGroupArn?: string } }[];
}

/** A state machine as it is stored. Times are epoch milliseconds. */
export interface StateMachine {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly definitionHash: string;
  readonly roleArn: string;
  readonly status: 'ACTIVE' | 'DELETING';
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly revisionId: string;
  readonly loggingConfiguration: LoggingConfiguration;
  readonly tracingConfiguration: { readonly enabled?: boolean };
  readonly tags: readonly Tag[];
}
