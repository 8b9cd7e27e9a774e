import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findJsonFault } from '../../../cli/find-json-fault.ts';

describe('a text that is no JSON', () => {
  test.each([
    ['{brokers: 3}', 1, 2, 'found b where a name in double quotes, or } belongs'],
    ['{"brokers": {"count": 3,}}', 1, 25, 'found } where a name in double quotes belongs'],
    ['{\n  "brokers": {\n    "count" 3\n  }\n}', 3, 13, 'found 3 where : belongs'],
    ['{"a": }', 1, 7, 'found } where a value belongs'],
    ['{"a": 1 "b": 2}', 1, 9, 'found " where , or } belongs'],
    ['[1 2]', 1, 4, 'found 2 where , or ] belongs'],
    ['[,]', 1, 2, 'found , where a value, or ] belongs'],
    ['[1,]', 1, 4, 'found ] where a value belongs'],
    ['{"a": 1]', 1, 8, 'found ] where , or } belongs'],
    ['{"a": 1', 1, 8, 'the text ends where , or } belongs'],
    ['{} {}', 1, 4, 'found { where the end of the text belongs'],
    ['', 1, 1, 'the text ends where a value belongs'],
    ['\n ', 2, 2, 'the text ends where a value belongs'],
    ['\uFEFF{}', 1, 1, 'found U+FEFF where a value belongs'],
    ['{"a": "b\nc"}', 1, 9, 'found U+000A where " or an escape belongs'],
    ['{"a": "C:\\kafka"}', 1, 10, 'found \\ where an escape that JSON has, such as \\n or \\\\ belongs'],
    ['{"a": "b', 1, 9, 'the text ends where " or an escape belongs'],
    ["{'a': 1}", 1, 2, "found ' where a name in double quotes, or } belongs"],
    ['{"a": 01}', 1, 8, 'found 1 where , or } belongs'],
    ['{"a": .5}', 1, 7, 'found . where a value belongs'],
    ['{"a": NaN}', 1, 7, 'found N where a value belongs'],
    ['{"a": 1} // so', 1, 10, 'found / where the end of the text belongs'],
    ['{"🙂🙂": x}', 1, 8, 'found x where a value belongs'],
  ])('%j has its fault at line %i, column %i', (text, line, column, reason) => {
    expect(findJsonFault(text)).toEqual({ line, column, reason });
  });

  test('is what JSON.parse refuses, and nothing else', () => {
    const damaged = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.nat(3),
        fc.constantFrom('', '"', '{', '}', '[', ']', ',', ':', '\\', '-', '0', ' ', '\n'),
      )
      .map(([text, seed, dropped, put]) => {
        const offset = seed % (text.length + 1);
        return text.slice(0, offset) + put + text.slice(offset + dropped);
      });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.json(), fc.string()), (text) => {
        expect(findJsonFault(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 3000 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
