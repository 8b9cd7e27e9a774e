import type { Json, JsonObject } from './json.ts';

/** What the name of a resource stands for; `unknown` until an operation that is being planned has run. */
export type ReferencedResource =
  | {
      readonly status: 'known';
      readonly physicalId: string;
      readonly attributes: JsonObject;
      /** Attributes that a planned change may change. */
      readonly changingAttributes?: readonly string[];
    }
  | { readonly status: 'unknown' };

/** Everything that intrinsic functions look things up in. */
export interface Scope {
  /** Values of template parameters. */
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  /** Values of pseudo parameters but AWS::NoValue. */
  readonly pseudoParameters: Readonly<Record<string, string | readonly string[]>>;
  readonly mappings: Readonly<Record<string, JsonObject>>;
  readonly conditions: Readonly<Record<string, boolean>>;
  /** Values exported by other stacks of the account and region. */
  readonly exports: Readonly<Record<string, string>>;
  /** Names of the region's Availability Zones. */
  readonly zones: readonly string[];
  /** Undefined when the template has no such resource, or has it behind a condition that is false. */
  readonly resource: (logicalId: string) => ReferencedResource | undefined;
}

/** Thrown when a value depends on what an operation has yet to make. */
export class UnknownUntilApplied extends Error {
  readonly logicalId: string;

  constructor(logicalId: string) {
    super(`the value depends on ${logicalId}, which is yet to be made`);
    this.name = 'UnknownUntilApplied';
    this.logicalId = logicalId;
  }
}

/** The value of a pseudo parameter or parameter; undefined when the name is neither. */
export function lookUpParameter(scope: Scope, name: string): Json | undefined {
  return scope.pseudoParameters[name] ?? scope.parameters[name];
}
