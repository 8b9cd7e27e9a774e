import type { Machine, Program, State } from './definition.ts';
import type { Frame, ProgramStep } from './execution-state.ts';

/** The state that a frame is in. @throws when the definition has no such state: the cursor is of another one. */
export function stateAt(machine: Machine, frame: Pick<Frame, 'program' | 'state'>): State {
  return stateIn(programAt(machine, frame.program), frame.state);
}

function programAt(machine: Machine, steps: readonly ProgramStep[]): Program {
  return steps.reduce<Program>((program, step) => {
    const state = stateIn(program, step.state);
    if (state.Type === 'Map') return state.ItemProcessor;
    const branch = state.Type === 'Parallel' ? state.Branches[step.branch ?? 0] : undefined;
    if (branch === undefined) throw new Error(`The state '${step.state}' has no branch ${step.branch}.`);
    return branch;
  }, machine);
}

function stateIn(program: Program, name: string): State {
  const state = program.States[name];
  if (state === undefined) throw new Error(`The definition has no state '${name}'.`);
  return state;
}
