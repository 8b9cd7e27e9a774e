import type { JsonObject } from './json.ts';

/** What is wrong with a definition, in the form of ValidateStateMachineDefinition. */
export interface Diagnostic {
  readonly severity: 'ERROR' | 'WARNING';
  readonly code: 'INVALID_JSON_DESCRIPTION' | 'MISSING_TRANSITION_TARGET' | 'SCHEMA_VALIDATION_FAILED';
  readonly message: string;
  /** JSON pointer into the definition. */
  readonly location: string;
}

/** A part of a definition under check: its members, where it stands, and where its faults go. */
export interface Inspected {
  readonly value: JsonObject;
  readonly location: string;
  readonly report: (diagnostic: Diagnostic) => void;
}

/** Reports a fault of the schema at a member. */
export function reportSchemaFault(
  { location, report }: Omit<Inspected, 'value'>,
  member: string,
  message: string,
): void {
  const at = member === '' ? location : `${location}/${member}`;
  report({ severity: 'ERROR', code: 'SCHEMA_VALIDATION_FAILED', message, location: at });
}
