import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../../../../local/stepfunctions/interpreter/expression.ts';
import type { Json } from '../../../../local/stepfunctions/interpreter/json.ts';

const sources = { nowMs: Date.UTC(2026, 0, 31, 12), random: () => 0.25, uuid: () => 'a-uuid' };

function evaluateHere(template: Json, variables: Record<string, Json> = {}): Promise<Json> {
  return evaluate(template, { variables, states: { input: { ids: [1, 2], name: 'kafka' } }, sources }, 'Output');
}

describe('a template', () => {
  test('keeps everything that is no expression', async () => {
    const template = { a: [1, 'text', null, true], b: { c: '$states.input' } };
    expect(await evaluateHere(template)).toEqual(template);
  });

  test('has its expressions replaced at any depth', async () => {
    const template = { a: ['{% $states.input.name %}'], b: { c: '{% $count($states.input.ids) %}' } };
    expect(await evaluateHere(template)).toEqual({ a: ['kafka'], b: { c: 2 } });
  });

  test('reads variables', async () => {
    expect(await evaluateHere('{% $node.id + 1 %}', { node: { id: 4 } })).toBe(5);
  });

  test('keeps a list of one that an array constructor made', async () => {
    expect(await evaluateHere('{% [$states.input.ids[0]] %}')).toEqual([1]);
  });
});

describe('an expression that gives nothing', () => {
  test.each([
    ['a missing member', '{% $states.input.nothing %}', 'returned nothing'],
    ['a bare field name, since there is no input document', '{% ids %}', 'returned nothing'],
    ['a function', '{% function($x){$x} %}', 'returned a function'],
    ['a built-in function inside an object', '{% {"f": $sum} %}', 'returned a function'],
    ['a thrown error', "{% $error('stop') %}", 'stop'],
    ['a wrong type', "{% 1 + 'a' %}", 'threw an error'],
    ['$eval, which Step Functions does not have', "{% $eval('1') %}", '$eval is not supported'],
  ])('fails for %s', async (_what, template, cause) => {
    await expect(evaluateHere(template)).rejects.toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining(cause),
      location: 'Output',
    });
  });
});

describe('the functions of Step Functions', () => {
  test.each<[string, Json]>([
    ['$partition([1,2,3,4,5], 2)', [[1, 2], [3, 4], [5]]],
    ['$range(1, 9, 4)', [1, 5, 9]],
    ['$range(3, 1, -1)', [3, 2, 1]],
    ["$hash('abc', 'SHA-256')", 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ["$hash('abc', 'MD5')", '900150983cd24fb0d6963f7d28e17f72'],
    ['$parse(\'{"a":[1]}\')', { a: [1] }],
    ['$uuid()', 'a-uuid'],
    ['$random()', 0.25],
    ['$random(7) = $random(7)', true],
    ['$now()', '2026-01-31T12:00:00.000Z'],
    ["$now('[Y0001]-[M01]-[D01]')", '2026-01-31'],
    ['$millis()', 1769860800000],
  ])('give for %s', async (source, expected) => {
    expect(await evaluateHere(`{% ${source} %}`)).toEqual(expected);
  });

  test('refuse a hash algorithm by naming those there are', async () => {
    await expect(evaluateHere("{% $hash('a', 'CRC') %}")).rejects.toMatchObject({
      cause: expect.stringContaining('SHA-1, SHA-256, SHA-384, SHA-512'),
    });
  });
});
