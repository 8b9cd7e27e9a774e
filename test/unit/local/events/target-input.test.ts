import { describe, expect, test } from '@jest/globals';
import { checkTargetInput, renderTargetInput } from '../../../../local/events/target-input.ts';

const EVENT = {
  version: '0',
  id: 'e1',
  'detail-type': 'Task',
  source: 'aws.ecs',
  account: '000000000000',
  time: '2026-11-21T12:00:00Z',
  region: 'us-east-1',
  resources: ['arn:one', 'arn:two'],
  detail: { status: 'STOPPED', code: 137, why: { text: 'said "no"' } },
} as const;

const RULE = { name: 'tasks', arn: 'arn:rule' };

const render = (target: object): string => renderTargetInput({ Id: 't', Arn: 'a', ...target }, EVENT, RULE);

const transform = (InputTemplate: string, InputPathsMap?: Record<string, string>): string =>
  render({ InputTransformer: { InputTemplate, ...(InputPathsMap === undefined ? {} : { InputPathsMap }) } });

describe('what a target gets', () => {
  test('is the whole event', () => {
    expect(JSON.parse(render({}))).toEqual(EVENT);
  });

  test('is its constant', () => {
    expect(render({ Input: '{"a":1}' })).toBe('{"a":1}');
  });

  test.each([
    ['$.detail', '{"status":"STOPPED","code":137,"why":{"text":"said \\"no\\""}}'],
    ['$.detail-type', '"Task"'],
    ["$['resources'][1]", '"arn:two"'],
    ['$.nowhere.at.all', 'null'],
  ])('is the part at %s', (InputPath, expected) => {
    expect(render({ InputPath })).toBe(expected);
  });

  test('is the filled template: quoted by itself outside of strings, as text within', () => {
    const paths = { status: '$.detail.status', code: '$.detail.code', why: '$.detail.why.text', gone: '$.detail.gone' };
    expect(
      transform('{"s": <status>, "c": <code>, "t": "<status> with <code>: <why><gone>", "g": <gone>}', paths),
    ).toBe('{"s": "STOPPED", "c": 137, "t": "STOPPED with 137: said \\"no\\"", "g": null}');
  });

  test('may name the rule and the event', () => {
    expect(transform('[<aws.events.rule-name>, <aws.events.rule-arn>, <aws.events.event.ingestion-time>]')).toBe(
      '["tasks", "arn:rule", "2026-11-21T12:00:00Z"]',
    );
    expect(JSON.parse(transform('<aws.events.event.json>'))).toEqual(EVENT);
    expect(JSON.parse(transform('<aws.events.event>'))).not.toHaveProperty('detail');
  });

  test('leaves what is no variable as it is', () => {
    expect(transform('"a < b and <unknown>"')).toBe('"a < b and <unknown>"');
  });
});

test.each([
  [{ Input: '{' }],
  [{ InputPath: '$..a' }],
  [{ InputPath: 'detail' }],
  [{ InputTransformer: { InputPathsMap: { a: '$.a[*]' }, InputTemplate: '<a>' } }],
  [{ Input: '1', InputPath: '$' }],
])('%j is refused', (target) => {
  expect(() => checkTargetInput({ Id: 't', Arn: 'a', ...target })).toThrow(
    expect.objectContaining({ name: 'ValidationException' }),
  );
});
