import { type Inspected, reportSchemaFault } from './diagnostic.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** Checks that each transition of a program leads to one of its own states, and that each state can be reached. */
export function checkProgramFlow(program: Inspected): void {
  const { value, location } = program;
  const states = isJsonObject(value['States']) ? value['States'] : {};
  const start = value['StartAt'];
  if (typeof start === 'string' && !Object.hasOwn(states, start)) reportTarget(program, `${location}/StartAt`, start);
  for (const [name, state] of Object.entries(states)) {
    if (!isJsonObject(state)) continue;
    const inspected = { ...program, value: state, location: `${location}/States/${name}` };
    checkEnd(inspected);
    for (const target of targetsOf(state)) {
      if (!Object.hasOwn(states, target)) reportTarget(program, inspected.location, target);
    }
  }
  for (const name of unreachable(states, start)) {
    const message = `The state '${name}' is not reachable from StartAt.`;
    const at = `${location}/States/${name}`;
    program.report({ severity: 'ERROR', code: 'MISSING_TRANSITION_TARGET', message, location: at });
  }
}

function checkEnd(state: Inspected): void {
  const { Type: type, Next: next, End: end } = state.value;
  if (type === 'Choice' || type === 'Succeed' || type === 'Fail') return;
  if ((next === undefined) === (end !== true)) {
    reportSchemaFault(state, '', "Exactly one of 'Next' and 'End: true' is needed.");
  }
}

function reportTarget(program: Inspected, location: string, target: string): void {
  const message = `Missing transition target: there is no state '${target}'.`;
  program.report({ severity: 'ERROR', code: 'MISSING_TRANSITION_TARGET', message, location });
}

function targetsOf(state: JsonObject): string[] {
  const rules = ['Choices', 'Catch'].flatMap((list): readonly Json[] => {
    const members = state[list];
    return Array.isArray(members) ? members : [];
  });
  const targets = [state['Next'], state['Default'], ...rules.map((rule) => (isJsonObject(rule) ? rule['Next'] : null))];
  return targets.filter((target) => typeof target === 'string');
}

function unreachable(states: JsonObject, start: Json | undefined): string[] {
  const reached = new Set<string>();
  const open = typeof start === 'string' && Object.hasOwn(states, start) ? [start] : Object.keys(states);
  while (open.length > 0) {
    const name = open.pop() ?? '';
    const state = states[name];
    if (reached.has(name) || !isJsonObject(state)) continue;
    reached.add(name);
    open.push(...targetsOf(state));
  }
  return Object.keys(states).filter((name) => !reached.has(name) && isJsonObject(states[name]));
}
