import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { applyMutant, parseMutant } from '../../scripts/mutants/mutant.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = join(import.meta.dirname, 'faults');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

describe('each seeded fault', () => {
  test.each(readdirSync(folder))('%s still finds its place in the sources, and changes it', (file) => {
    const mutant = parseMutant(file, readFileSync(join(folder, file), 'utf8'));
    const changed = applyMutant(mutant, read);
    for (const [path, text] of changed) expect(text).not.toBe(read(path));
  });
});

describe('a seeded fault', () => {
  const text = 'It breaks.\n\n--- a.ts\n<<<<\nconst a = 1;\n====\nconst a = $&2;\n>>>>\n';

  test('replaces its text and nothing else, as it stands', () => {
    const changed = applyMutant(parseMutant('one', text), () => 'before\nconst a = 1;\nafter\n');
    expect([...changed]).toEqual([['a.ts', 'before\nconst a = $&2;\nafter\n']]);
  });

  test('may remove its text', () => {
    const removal = parseMutant('one', 'It breaks.\n\n--- a.ts\n<<<<\nconst a = 1;\n\n====\n>>>>\n');
    expect([...applyMutant(removal, () => 'before\nconst a = 1;\nafter\n')]).toEqual([['a.ts', 'before\nafter\n']]);
  });

  test('fails loudly when its text is gone or is there twice', () => {
    expect(() => applyMutant(parseMutant('one', text), () => 'const b = 1;')).toThrow(
      'its search text is 0 times in a.ts',
    );
    expect(() => applyMutant(parseMutant('one', text), () => 'const a = 1;const a = 1;')).toThrow('2 times');
  });

  test.each([
    ['without a sentence', '\n--- a.ts\n<<<<\na\n====\nb\n>>>>\n'],
    ['without an edit', 'It breaks.\n'],
    ['with half an edit', 'It breaks.\n\n--- a.ts\n<<<<\na\n====\nb\n>>>>\n\n--- b.ts\n<<<<\na\n====\n'],
  ])('%s is refused', (_, wrong) => {
    expect(() => parseMutant('one', wrong)).toThrow('mutant one is no patch');
  });
});
