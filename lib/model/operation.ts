import type { ConfigDifference } from './plan/config-difference.ts';

/** The verbs of the history. */
export type OperationKind =
  | 'install'
  | 'update'
  | 'roll back'
  | 'uninstall'
  | 'continue'
  | 'interrupt'
  | 'force complete'
  | 'restart'
  | 'start'
  | 'stop'
  | 'refused update';

/** What somebody asked for. Written with what it changed, in one transaction; its outcome is derived from its plan. */
export interface Operation {
  readonly id: string;
  readonly service: string;
  readonly kind: OperationKind;
  /** Name of the token. */
  readonly requestedBy: string;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
  /** Absent of a refused update. */
  readonly planId?: string;
  /** Of a command: the phase and the step that it was for, by name. */
  readonly phase?: string;
  readonly step?: string;
  readonly changes?: readonly ConfigDifference[];
  /** Of a refused update: its refusals as sentences. */
  readonly errors?: readonly string[];
}
