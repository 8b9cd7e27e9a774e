import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { buildKafkaHome } from '../../../../local/images/kafka-image.ts';
import { pullImage } from '../../../../local/images/pull-image.ts';

const image = 'apache/kafka:3.9.2';
let folder: string;
let opt: string;
let fetched: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pull-'));
  opt = join(folder, 'opt');
  fetched = [];
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program in Maven's place that notes its run and puts one jar there. */
function maven(exitCode = 0): string {
  const file = join(folder, 'mvn');
  const libs = `${opt}/kafka-3.9.2/libs`;
  writeFileSync(
    file,
    `#!/bin/bash\necho run >> "${folder}/runs"\nmkdir -p "${libs}"\ntouch "${libs}/a.jar"\nexit ${exitCode}\n`,
  );
  chmodSync(file, 0o755);
  return file;
}

function pull(program: string, name = image) {
  return pullImage(
    { optFolder: opt, log: () => undefined, onFetched: (v) => void fetched.push(v), maven: program },
    name,
  );
}

function runs(): number {
  return existsSync(join(folder, 'runs')) ? readFileSync(join(folder, 'runs'), 'utf8').trim().split('\n').length : 0;
}

describe('an image that is pulled', () => {
  test('is fetched at its first use only', async () => {
    const program = maven();
    const pulled = await pull(program);
    expect(pulled.paths).toEqual([{ from: '/opt/kafka', to: buildKafkaHome(opt, '3.9.2') }]);
    expect(await pull(program)).toEqual(pulled);
    expect(runs()).toBe(1);
    expect(fetched).toEqual(['3.9.2']);
  });

  test('is fetched once when several hosts want it at once', async () => {
    const program = maven();
    const pulled = await Promise.all([pull(program), pull(program), pull(program)]);
    expect(new Set(pulled.map(({ name }) => name))).toEqual(new Set([image]));
    expect(runs()).toBe(1);
    expect(fetched).toEqual(['3.9.2']);
  });

  test('is fetched by the next who wants it when the one that fetched is gone', async () => {
    mkdirSync(opt);
    // No process has this id: it is above the kernel's limit.
    writeFileSync(join(opt, 'kafka-3.9.2.lock'), '99999999');
    await pull(maven());
    expect(runs()).toBe(1);
    expect(existsSync(join(opt, 'kafka-3.9.2.lock'))).toBe(false);
  });

  test('that cannot be fetched is an error in ECS’s words, and may be pulled later', async () => {
    await expect(pull(maven(1))).rejects.toThrow(
      /^CannotPullContainerError: .*apache\/kafka:3\.9\.2: mvn could not fetch/,
    );
    expect(fetched).toEqual([]);
    await pull(maven());
    expect(fetched).toEqual(['3.9.2']);
  });

  test.each(['apache/kafka:0.8.0', 'apache/kafka:latest', 'nginx:1.2.3'])(
    'is none of another name: %s',
    async (name) => {
      await expect(pull(maven(), name)).rejects.toThrow(/^CannotPullContainerError: /);
      expect(runs()).toBe(0);
    },
  );
});
