import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonCopy } from './json-copy.ts';

/** What may stand in a request or an answer, as JSON or on its way there. */
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.date({ noInvalidDate: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-zA-Z0-9#:]{1,8}$/), tie('value'), { maxKeys: 5 }),
  ),
})).value;

describe('a copy by JSON', () => {
  test('is what the text of JSON gives back', () => {
    fc.assert(
      fc.property(values, (value) => {
        fc.pre(value !== undefined);
        expect(jsonCopy(value)).toStrictEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('shares nothing with its original', () => {
    const original = { list: [{ inner: 1 }], date: new Date(0) };
    const copy = jsonCopy(original) as { list: { inner: number }[] };
    original.list.push({ inner: 2 });
    Object.assign(original.list[0] ?? {}, { inner: 3 });
    expect(copy).toStrictEqual({ list: [{ inner: 1 }], date: '1970-01-01T00:00:00.000Z' });
  });

  test('of a function is refused: it never went over a wire', () => {
    expect(() => jsonCopy({ call: () => 1 })).toThrow('a function is no JSON');
  });
});
