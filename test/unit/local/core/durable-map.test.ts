import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DurableMap } from '../../../../local/core/durable-map.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'durable-map-'));
  file = join(folder, 'below', 'map.jsonl');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a durable map', () => {
  test('has its values again when it is opened again', () => {
    const map = new DurableMap<{ n: number }>(file);
    map.set('a', { n: 1 });
    map.set('b', { n: 2 });
    map.set('a', { n: 3 });
    map.delete('b');
    expect([...new DurableMap<{ n: number }>(file).values()]).toEqual([{ n: 3 }]);
  });

  test('drops a line that a crash tore, and keeps what is written after it', () => {
    new DurableMap<string>(file).set('a', 'kept');
    appendFileSync(file, '{"key":"b","val');
    const reopened = new DurableMap<string>(file);
    reopened.set('c', 'later');
    expect(new DurableMap<string>(file).keys()).toEqual(['a', 'c']);
  });

  test('grows no longer than its values when it is opened again', () => {
    const map = new DurableMap<number>(file);
    for (let n = 0; n < 50; n++) map.set('counter', n);
    expect(new DurableMap<number>(file).get('counter')).toBe(49);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1);
  });
});
