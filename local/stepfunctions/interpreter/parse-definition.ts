import type { Machine } from './definition.ts';
import { type Diagnostic, type Inspected, reportSchemaFault } from './diagnostic.ts';
import { checkFields } from './field-check.ts';
import { isJsonObject, type Json, parseJson } from './json.ts';
import { checkProgramFlow } from './program-flow.ts';
import {
  branchFields,
  catcherFields,
  choiceRuleFields,
  machineFields,
  processorFields,
  retrierFields,
  stateFields,
} from './state-fields.ts';
import { parseTaskResource } from './task-resource.ts';

/** A definition that can run, or all that is wrong with it. */
export type ParsedDefinition =
  | { readonly type: 'valid'; readonly machine: Machine }
  | { readonly type: 'invalid'; readonly diagnostics: readonly Diagnostic[] };

/** What holds for all states of a definition, beside where they stand. */
interface Surroundings {
  /** The query language of states that name none. */
  readonly queryLanguage: Json;
  /** Variables that outer scopes assign. */
  readonly outerVariables: ReadonlySet<string>;
  /** State names seen so far: they are unique in the whole definition. */
  readonly names: Set<string>;
}

/** Reads and checks the text of a definition. Only what this interpreter runs in full passes. */
export function parseDefinition(definition: string): ParsedDefinition {
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic) => void diagnostics.push(diagnostic);
  const value = parseObject(definition, report);
  if (value !== undefined) {
    checkFields({ value, location: '', report }, machineFields);
    const queryLanguage = value['QueryLanguage'] ?? 'JSONPath';
    checkProgram({ value, location: '', report }, { queryLanguage, outerVariables: new Set(), names: new Set() });
  }
  if (value === undefined || diagnostics.length > 0) return { type: 'invalid', diagnostics };
  // The checks above proved the shape: this is the one place where JSON becomes a definition.
  return { type: 'valid', machine: value as unknown as Machine };
}

function parseObject(definition: string, report: Inspected['report']): Inspected['value'] | undefined {
  const code = 'INVALID_JSON_DESCRIPTION';
  try {
    const value = parseJson(definition);
    if (isJsonObject(value)) return value;
    report({ severity: 'ERROR', code, message: 'The definition must be a JSON object.', location: '' });
  } catch (error) {
    report({ severity: 'ERROR', code, message: String(error), location: '' });
  }
  return undefined;
}

function checkProgram(program: Inspected, surroundings: Surroundings): void {
  const { value, location, report } = program;
  const states = isJsonObject(value['States']) ? value['States'] : {};
  const variables = new Set([...surroundings.outerVariables, ...Object.values(states).flatMap(assignedNames)]);
  for (const [name, state] of Object.entries(states)) {
    const at = { location: `${location}/States/${name}`, report };
    checkName(at, name, surroundings.names);
    if (!isJsonObject(state)) reportSchemaFault(at, '', 'A state must be an object.');
    else checkState({ ...at, value: state }, surroundings, variables);
  }
  checkProgramFlow(program);
}

function checkName(at: Omit<Inspected, 'value'>, name: string, names: Set<string>): void {
  if (names.has(name)) reportSchemaFault(at, '', `The state name '${name}' is used twice in the definition.`);
  if (name.length > 80) reportSchemaFault(at, '', `The state name '${name}' is longer than 80 characters.`);
  names.add(name);
}

function checkState(state: Inspected, surroundings: Surroundings, variables: ReadonlySet<string>): void {
  const { value } = state;
  const fields = typeof value['Type'] === 'string' ? stateFields[value['Type']] : undefined;
  if (fields === undefined) {
    const known = Object.keys(stateFields).join(', ');
    reportSchemaFault(state, 'Type', `The type ${JSON.stringify(value['Type'])} is not one of ${known}.`);
    return;
  }
  if ((value['QueryLanguage'] ?? surroundings.queryLanguage) !== 'JSONata') {
    const advice = 'Set "QueryLanguage": "JSONata" for the definition or the state.';
    reportSchemaFault(state, 'QueryLanguage', `JSONPath is not supported by this Step Functions. ${advice}`);
    return;
  }
  checkFields(state, fields);
  for (const name of assignedNames(value)) {
    if (!surroundings.outerVariables.has(name)) continue;
    reportSchemaFault(
      state,
      'Assign',
      `The variable '${name}' belongs to an outer scope; an inner one cannot assign it.`,
    );
  }
  checkRules(state);
  checkTask(state);
  checkWait(state);
  checkInnerPrograms(state, { ...surroundings, outerVariables: variables });
}

function checkRules(state: Inspected): void {
  for (const rule of membersOf(state, 'Choices')) checkFields(rule, choiceRuleFields);
  for (const list of ['Retry', 'Catch']) {
    const rules = membersOf(state, list);
    for (const [index, rule] of rules.entries()) {
      checkFields(rule, list === 'Retry' ? retrierFields : catcherFields);
      const names = rule.value['ErrorEquals'];
      if (!Array.isArray(names) || !names.includes('States.ALL')) continue;
      const isAloneAndLast = names.length === 1 && index === rules.length - 1;
      if (!isAloneAndLast) reportSchemaFault(rule, 'ErrorEquals', 'States.ALL must stand alone and in the last rule.');
    }
  }
}

function checkTask(state: Inspected): void {
  const resource = state.value['Resource'];
  if (state.value['Type'] !== 'Task' || typeof resource !== 'string') return;
  const parsed = parseTaskResource(resource);
  if (parsed === undefined) {
    reportSchemaFault(state, 'Resource', `The resource provided '${resource}' is not recognized.`);
  } else if (parsed.pattern !== 'token' && 'HeartbeatSeconds' in state.value) {
    reportSchemaFault(state, 'HeartbeatSeconds', 'Only a task that waits for a task token can have heartbeats.');
  }
}

function checkWait(state: Inspected): void {
  if (state.value['Type'] !== 'Wait' || 'Seconds' in state.value !== 'Timestamp' in state.value) return;
  reportSchemaFault(state, '', 'A Wait needs either Seconds or Timestamp.');
}

function checkInnerPrograms(state: Inspected, surroundings: Surroundings): void {
  for (const branch of membersOf(state, 'Branches')) {
    checkFields(branch, branchFields);
    checkProgram(branch, surroundings);
  }
  const processor = state.value['ItemProcessor'];
  if (!isJsonObject(processor)) return;
  const inspected = { ...state, value: processor, location: `${state.location}/ItemProcessor` };
  checkFields(inspected, processorFields);
  checkProgram(inspected, surroundings);
}

function membersOf(state: Inspected, list: string): Inspected[] {
  const members = state.value[list];
  if (!Array.isArray(members)) return [];
  return members.flatMap((value: Json, index) =>
    isJsonObject(value) ? [{ ...state, value, location: `${state.location}/${list}[${index}]` }] : [],
  );
}

/** The variables that a state and its rules assign, not those of the states inside it. */
function assignedNames(state: Json): string[] {
  if (!isJsonObject(state)) return [];
  const rules = ['Choices', 'Catch'].flatMap((list) => {
    const members = state[list];
    return Array.isArray(members) ? members : [];
  });
  return [state, ...rules].flatMap((owner) =>
    isJsonObject(owner) && isJsonObject(owner['Assign']) ? Object.keys(owner['Assign']) : [],
  );
}
