import { describe, expect, test } from '@jest/globals';
import { parseDefinition } from '../../../../local/stepfunctions/interpreter/parse-definition.ts';

const pass = { Type: 'Pass', End: true };

function faultsOf(definition: object | string): string[] {
  const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
  const parsed = parseDefinition(text);
  return parsed.type === 'valid'
    ? []
    : parsed.diagnostics.map(({ code, message, location }) => `${code} ${location} ${message}`);
}

function faultsOfStates(states: object): string[] {
  return faultsOf({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states });
}

describe('a definition', () => {
  test('with every kind of state is accepted', () => {
    const faults = faultsOfStates({
      Fan: { Type: 'Parallel', Branches: [{ StartAt: 'A', States: { A: pass } }], Next: 'Each' },
      Each: {
        Type: 'Map',
        Items: [1],
        MaxConcurrency: 1,
        ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'B', States: { B: pass } },
        Next: 'Ask',
      },
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Arguments: { FunctionName: 'f', Payload: '{% $states.context.Task.Token %}' },
        TimeoutSeconds: '{% $states.input.seconds %}',
        HeartbeatSeconds: 5,
        Retry: [{ ErrorEquals: ['NotReady'], MaxAttempts: 99_999_999, BackoffRate: 1, JitterStrategy: 'FULL' }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Bad', Output: '{% $states.errorOutput %}' }],
        Next: 'Choose',
      },
      Choose: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'Sleep' }], Default: 'Good' },
      Sleep: { Type: 'Wait', Seconds: 1, Next: 'Good' },
      Good: { Type: 'Succeed' },
      Bad: { Type: 'Fail', Error: 'Bad', Cause: '{% $states.input.Cause %}' },
    });
    expect(faults).toEqual([]);
  });

  test('that speaks JSONPath is refused by name', () => {
    expect(faultsOf({ StartAt: 'A', States: { A: pass } })).toEqual([
      expect.stringContaining('/States/A/QueryLanguage JSONPath is not supported'),
    ]);
  });

  test('may set the language state by state', () => {
    expect(faultsOf({ StartAt: 'A', States: { A: { ...pass, QueryLanguage: 'JSONata' } } })).toEqual([]);
  });

  test.each<[string, object, string]>([
    [
      'an unknown field',
      { A: { ...pass, InputPath: '$' } },
      "/States/A/InputPath The field 'InputPath': it is not supported",
    ],
    ['an unknown type', { A: { Type: 'Loop' } }, '/States/A/Type The type "Loop" is not one of Task, Pass'],
    ['neither Next nor End', { A: { Type: 'Pass' } }, "Exactly one of 'Next' and 'End: true'"],
    [
      'a dangling Next',
      { A: { Type: 'Pass', Next: 'B' } },
      "MISSING_TRANSITION_TARGET /States/A Missing transition target: there is no state 'B'",
    ],
    ['an unreachable state', { A: pass, B: pass }, "The state 'B' is not reachable"],
    ['no JSONata', { A: { ...pass, Output: { x: ['{% $$$( %}'] } } }, 'is no JSONata'],
    ['a half-open expression', { A: { ...pass, Output: '{% 1' } }, 'must both start with {% and end with %}'],
    [
      'an unknown resource',
      { A: { Type: 'Task', Resource: 'arn:aws:states:::ecs:runTask.sync', End: true } },
      'is not recognized',
    ],
    [
      'heartbeats without a token',
      { A: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', HeartbeatSeconds: 1, End: true } },
      'Only a task that waits for a task token',
    ],
    [
      'States.ALL among others',
      {
        A: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Retry: [{ ErrorEquals: ['States.ALL', 'X'] }],
          End: true,
        },
      },
      'States.ALL must stand alone',
    ],
    [
      'a timeout of 0',
      { A: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', TimeoutSeconds: 0, End: true } },
      'a whole number from 1 to 99999999',
    ],
    [
      'a distributed Map',
      {
        A: {
          Type: 'Map',
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            StartAt: 'B',
            States: { B: pass },
          },
          End: true,
        },
      },
      'only {"Mode": "INLINE"} is supported',
    ],
    [
      'a Wait with two times',
      { A: { Type: 'Wait', Seconds: 1, Timestamp: '2026-01-01T00:00:00Z', End: true } },
      'either Seconds or Timestamp',
    ],
    [
      'a state name used twice',
      { A: { Type: 'Parallel', Branches: [{ StartAt: 'A', States: { A: pass } }], End: true } },
      "The state name 'A' is used twice",
    ],
    ['an assignment to states', { A: { ...pass, Assign: { states: 1 } } }, "'states' cannot be assigned"],
    [
      'an assignment to an outer variable',
      {
        A: {
          Type: 'Parallel',
          Assign: { x: 1 },
          Branches: [{ StartAt: 'B', States: { B: { ...pass, Assign: { x: 2 } } } }],
          End: true,
        },
      },
      "The variable 'x' belongs to an outer scope",
    ],
  ])('with %s is refused', (_what, states, fault) => {
    expect(faultsOfStates(states).join('\n')).toContain(fault);
  });

  test('that is no JSON is refused', () => {
    expect(faultsOf('{')).toEqual([expect.stringContaining('INVALID_JSON_DESCRIPTION')]);
  });
});
