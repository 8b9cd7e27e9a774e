import type { MapState } from './definition.ts';
import { evaluateWhole } from './evaluate-field.ts';
import type { Frame, MapPhase } from './execution-state.ts';
import { evaluate } from './expression.ts';
import { checkPayload, StateFailure } from './failure.ts';
import type { Json } from './json.ts';
import { startFrame } from './start-frame.ts';
import { exitBy, parked, type StateResult } from './state-result.ts';
import type { Turn } from './turn.ts';

/** An inline Map runs at most so many iterations at once. Source: Step Functions developer guide, inline mode. */
const mostConcurrent = 40;

/** Starts the first iterations of a Map. @throws StateFailure */
export async function startMap(turn: Turn, frame: Frame, state: MapState): Promise<StateResult> {
  const scope = turn.scopeOf(frame);
  const items = state.Items === undefined ? frame.input : await evaluate(state.Items, scope, 'Items');
  if (!Array.isArray(items)) {
    const cause = `The items of '${frame.state}' are ${JSON.stringify(items)}; an array is needed.`;
    throw new StateFailure('States.QueryEvaluationError', cause, 'Items');
  }
  const wanted = await evaluateWhole(scope, 'MaxConcurrency', state.MaxConcurrency ?? 0);
  const startedEventId = turn.record('MapStateStarted', frame.previousEventId, {
    name: 'mapStateStartedEventDetails',
    value: { length: items.length },
  });
  const phase: MapPhase = {
    type: 'mapping',
    serial: turn.takeSerial(),
    items,
    maxConcurrency: wanted === 0 ? mostConcurrent : Math.min(wanted, mostConcurrent),
    nextIndex: 0,
    startedEventId,
    outputs: {},
  };
  turn.put({ ...turn.frame(frame.id), previousEventId: startedEventId, phase });
  return goOnWithMap(turn, frame.id, phase);
}

/** Starts as many iterations as may run, or ends the Map after its last one. @throws StateFailure */
export async function goOnWithMap(turn: Turn, frameId: string, phase: MapPhase): Promise<StateResult> {
  const frame = turn.frame(frameId);
  const state = turn.stateOf(frame);
  if (state.Type !== 'Map') throw new Error(`The frame '${frameId}' maps in a ${state.Type} state.`);
  const { items } = phase;
  if (Object.keys(phase.outputs).length === items.length) {
    const result = items.map((_, index) => phase.outputs[index] ?? null);
    checkPayload(result, `The result of '${frame.state}'`);
    turn.recordIn({ ...frame, phase: { type: 'ready', serial: turn.takeSerial() } }, 'MapStateSucceeded');
    return { type: 'done', frameId, exit: exitBy(state, result, { result }) };
  }
  const room = phase.maxConcurrency - turn.childrenOf(frameId).length;
  const end = Math.min(items.length, phase.nextIndex + room);
  turn.put({ ...frame, phase: { ...phase, nextIndex: end } });
  for (let index = phase.nextIndex; index < end; index += 1) {
    await startIteration(turn, frame, { state, phase, index });
  }
  return parked;
}

interface Iteration {
  readonly state: MapState;
  readonly phase: MapPhase;
  readonly index: number;
}

async function startIteration(turn: Turn, frame: Frame, { state, phase, index }: Iteration): Promise<void> {
  const value: Json = phase.items[index] ?? null;
  const scope = turn.scopeOf(frame, {}, { Map: { Item: { Index: index, Value: value } } });
  const { ItemSelector: selector } = state;
  const input = selector === undefined ? value : await evaluate(selector, scope, 'ItemSelector');
  checkPayload(input, `The input of iteration ${index} of '${frame.state}'`);
  const previousEventId = turn.record('MapIterationStarted', phase.startedEventId, {
    name: 'mapIterationStartedEventDetails',
    value: { name: frame.state, index },
  });
  startFrame(turn, {
    program: [...frame.program, { state: frame.state }],
    parent: { frameId: frame.id, index },
    mapItem: { index, value },
    state: state.ItemProcessor.StartAt,
    input,
    previousEventId,
  });
}
