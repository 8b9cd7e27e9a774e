import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fetchJars } from '../../../../local/images/fetch-jars.ts';

let folder: string;
let lines: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jars-'));
  lines = [];
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program in Maven's place that notes each run and fails as often as asked. */
function maven(failures: number): string {
  const file = join(folder, 'mvn');
  writeFileSync(
    file,
    `#!/bin/bash\necho "$*" >> "${folder}/runs"\nif [ "$(wc -l < "${folder}/runs")" -le ${failures} ]; then echo '[ERROR] no network'; exit 1; fi\necho 'Copying a.jar'\n`,
  );
  chmodSync(file, 0o755);
  return file;
}

function runs(): string[] {
  return existsSync(join(folder, 'runs')) ? readFileSync(join(folder, 'runs'), 'utf8').trim().split('\n') : [];
}

function fetch(program: string, artifacts = ['kafka-4.3.1']): Promise<void> {
  return fetchJars({ optFolder: join(folder, 'opt'), artifacts, log: (line) => void lines.push(line), maven: program });
}

describe('fetchJars', () => {
  test('runs Maven once for all that is missing, shows its progress and does nothing when all is there', async () => {
    const program = maven(0);
    const flags = `-B -ntp -T 4 -Dlibs.root=${folder}/opt -pl`;
    await fetch(program, ['kafka-4.3.1', 'dynamodb-local']);
    expect(runs()).toEqual([`${flags} kafka-4.3.1,dynamodb-local package`]);
    expect(lines).toContain('Copying a.jar');
    await fetch(program, ['kafka-3.9.2', 'kafka-4.3.1']);
    expect(runs()).toEqual([`${flags} kafka-4.3.1,dynamodb-local package`, `${flags} kafka-3.9.2 package`]);
    await fetch(program, ['kafka-3.9.2', 'kafka-4.3.1', 'dynamodb-local']);
    expect(runs()).toHaveLength(2);
  });

  test('tries once more when Maven fails, and then tells what Maven said', async () => {
    await fetch(maven(1));
    expect(runs()).toHaveLength(2);
    rmSync(join(folder, 'opt'), { recursive: true });
    rmSync(join(folder, 'runs'));
    await expect(fetch(maven(9))).rejects.toThrow(/in 2 tries.\n\[ERROR\] no network/);
    expect(existsSync(join(folder, 'opt', 'kafka-4.3.1', '.complete'))).toBe(false);
  });

  test('names an artifact without a POM, and a missing Maven', async () => {
    await expect(fetch(maven(0), ['kafka-0.8.0'])).rejects.toThrow("no POM for 'kafka-0.8.0'");
    await expect(fetch(join(folder, 'absent'))).rejects.toThrow('Install Apache Maven');
  });
});
