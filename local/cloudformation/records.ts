import type { Change } from '@aws-sdk/client-cloudformation';
import type { JsonObject } from './template/json.ts';
import type { ParameterValue } from './template/parameters.ts';
import type { DeletionPolicy } from './template/template.ts';

/** What a stack is made from: a request's template with all that is said beside it. */
export interface Configuration {
  readonly templateBody: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly tags: readonly StackTag[];
  readonly capabilities: readonly string[];
  readonly roleArn?: string;
  readonly disableRollback: boolean;
  /** Whether a retained resource whose name is taken stands for what has that name, instead of failing. */
  readonly importsExisting?: boolean;
}

export interface StackTag {
  readonly Key: string;
  readonly Value: string;
}

export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

/**
 * What is being done to a stack. `phase` only moves forward, and is stored before its work begins, so that a start
 * over the stored state goes on where a killed process was.
 */
export interface Operation {
  readonly id: string;
  readonly type: 'create' | 'update' | 'delete';
  readonly phase: 'apply' | 'clean-up' | 'roll-back' | 'clean-up-after-roll-back' | 'delete';
  /** What the stack shall be; for a deletion what it is. */
  readonly target: Configuration;
  readonly clientRequestToken?: string;
  /** Logical ids that a deletion leaves alone. */
  readonly retained?: readonly string[];
  /** Logical ids that a continued roll-back passes over. */
  readonly skipped?: readonly string[];
}

export interface StackRecord {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly statusReason?: string;
  readonly createdAt: number;
  readonly updatedAt?: number;
  readonly deletedAt?: number;
  readonly terminationProtection: boolean;
  readonly changeSetId?: string;
  /** What the last successful operation made; absent until there was one. */
  readonly deployed?: Configuration;
  readonly outputs: readonly StackOutput[];
  readonly operation?: Operation;
  /** What a failed roll-back shall be continued with. */
  readonly interrupted?: Operation;
  readonly lastRequestToken?: string;
}

/** One physical thing that a resource of a template stands, stood or will stand for. */
export interface Incarnation {
  readonly type: string;
  /** Chosen once before the first call, so that a repeated creation makes the same names. */
  readonly token: string;
  /** Absent until a call has made something that a deletion must remove. */
  readonly physicalId?: string;
  /** As resolved; dynamic references are still references. */
  readonly properties: JsonObject;
  readonly attributes: JsonObject;
  readonly dependsOn: readonly string[];
}

export interface ResourceRecord {
  readonly stackId: string;
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly statusReason?: string;
  readonly changedAt: number;
  readonly deletionPolicy: DeletionPolicy;
  readonly updateReplacePolicy: DeletionPolicy;
  readonly metadata?: string;
  /** What is live. */
  readonly current?: Incarnation;
  /** What was begun and is not known to be done. */
  readonly attempt?: { readonly action: 'create' | 'update'; readonly incarnation: Incarnation };
  /** What is deleted when the operation cleans up. */
  readonly outgoing: readonly Incarnation[];
  /** The operation that last looked at this resource, and what was live before it did. */
  readonly touchedBy?: { readonly operationId: string; readonly before?: Incarnation };
  /** The phase of an operation that is done with this resource, as `<operation>/<phase>`. */
  readonly settledIn?: string;
}

export interface StackEventRecord {
  readonly id: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly properties?: string;
  readonly at: number;
  readonly operationId?: string;
  readonly clientRequestToken?: string;
}

export interface ChangeSetRecord {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly status: 'CREATE_COMPLETE' | 'FAILED';
  readonly statusReason?: string;
  readonly executionStatus: 'AVAILABLE' | 'UNAVAILABLE' | 'EXECUTE_COMPLETE' | 'OBSOLETE';
  readonly description?: string;
  readonly createdAt: number;
  readonly includeNestedStacks: boolean;
  readonly configuration: Configuration;
  readonly changes: readonly Change[];
  readonly clientToken?: string;
}
