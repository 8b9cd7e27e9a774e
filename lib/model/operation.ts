import type { ConfigDifference } from './plan/config-difference.ts';

/** The verbs of the history. */
export type OperationKind =
  | 'install'
  | 'update'
  | 'roll back'
  | 'hibernate'
  | 'resume'
  | 'uninstall'
  | 'continue'
  | 'interrupt'
  | 'force complete'
  | 'restart'
  | 'start'
  | 'stop'
  | 'refused update'
  | 'restart node'
  | 'replace node'
  | 'withdraw replacement'
  | 'pause node'
  | 'resume node'
  | 'reactivate node'
  | 'adopt node'
  | 'stop proven'
  | 'fence host'
  | 'keep host';

/** What somebody asked for. Written with what it changed, in one transaction; its outcome is derived from its plan. */
export interface Operation {
  readonly id: string;
  readonly service: string;
  readonly kind: OperationKind;
  /** Name of the token. */
  readonly requestedBy: string;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
  /** Absent of a refused update, and of a word about one node. */
  readonly planId?: string;
  /** Of a command: the phase and the step that it was for, by name. */
  readonly phase?: string;
  readonly step?: string;
  /** Of a word about one node: its pod. */
  readonly pod?: string;
  /** The task that it was about, where there is one. */
  readonly taskArn?: string;
  /** Of a word about a host, and of one that was taken back because its nodes live. */
  readonly instanceId?: string;
  /** Of what Warden did by itself. */
  readonly why?: string;
  readonly changes?: readonly ConfigDifference[];
  /** Of a refused update: its refusals as sentences. */
  readonly errors?: readonly string[];
}

/** What became of an operation. `endedAt`: epoch milliseconds; absent: it is not over. */
export type OperationOutcome =
  /** A command, which takes effect with its record. */
  | { readonly type: 'done'; readonly endedAt: number }
  | { readonly type: 'refused'; readonly endedAt: number }
  /** What its plan is at now. */
  | { readonly type: 'pending' | 'in progress' | 'waiting' | 'delayed' | 'error' }
  /** Every step is through; without a time when an operator counted the rest as complete. */
  | { readonly type: 'complete'; readonly endedAt?: number }
  /** A newer plan took over before this one was complete. */
  | { readonly type: 'superseded'; readonly endedAt: number }
  /** That plan took this one back, since its canary failed. */
  | { readonly type: 'rolled back'; readonly endedAt: number }
  /** Its plan is stored no more. */
  | { readonly type: 'unknown' };

/** An operation of a service that is gone, with what had become of it. */
export interface PastOperation extends Operation {
  readonly outcome: OperationOutcome;
}
