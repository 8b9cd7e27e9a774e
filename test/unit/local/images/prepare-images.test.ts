import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isAlive, listLiveProcesses } from '../../../../local/core/processes.ts';
import { buildKafkaHome } from '../../../../local/images/kafka-image.ts';
import { endArchiveMakers, prepareImages } from '../../../../local/images/prepare-images.ts';

const javaHome = process.env['JAVA_HOME'];
let folder: string;
let optFolder: string;
let dataFolder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archives-'));
  optFolder = join(folder, 'opt');
  dataFolder = join(folder, 'data');
  for (const version of ['3.9.2', '4.3.1', '4.10.0']) {
    mkdirSync(join(optFolder, `kafka-${version}`, 'libs'), { recursive: true });
    writeFileSync(join(optFolder, `kafka-${version}`, '.complete'), '');
  }
  // Half fetched.
  mkdirSync(join(optFolder, 'kafka-4.1.2', 'libs'), { recursive: true });
  // A program in java's place that fails.
  mkdirSync(join(folder, 'java', 'bin'), { recursive: true });
  writeFileSync(join(folder, 'java', 'bin', 'java'), '#!/bin/bash\nexit 1\n', { mode: 0o755 });
  process.env['JAVA_HOME'] = join(folder, 'java');
});

afterEach(() => {
  if (javaHome === undefined) delete process.env['JAVA_HOME'];
  else process.env['JAVA_HOME'] = javaHome;
  rmSync(folder, { recursive: true, force: true });
});

/** A program in java's place that never ends by itself, nor by SIGTERM. */
function letJavaHang(): void {
  const java = join(folder, 'java', 'bin', 'java');
  writeFileSync(java, "#!/bin/bash\ntrap '' TERM\nwhile :; do read -rt 1 <> <(:); done\n", { mode: 0o755 });
}

/** Starts a maker and waits until its throw-away node runs. */
async function makerAtWork() {
  const told = Promise.withResolvers<string>();
  prepareImages({ optFolder, dataFolder, log: told.resolve });
  for (;;) {
    const live = listLiveProcesses(dataFolder);
    // By name: a machine whose process ids have come round gives the later process the smaller one.
    const maker = live.find(({ kind }) => kind.startsWith('class archive of'));
    const node = live.find(({ kind }) => kind.startsWith('class archive node'));
    if (maker !== undefined && node !== undefined) return { maker, node, told: told.promise };
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** What makers leave beside the programs of a version. */
const left = (version: string) =>
  readdirSync(buildKafkaHome(optFolder, version)).filter((name) => name.startsWith('kafka.jsa'));

/** Runs to the end of the maker; answers what it is called and what is told of it. */
async function prepare() {
  const told = Promise.withResolvers<string>();
  prepareImages({ optFolder, dataFolder, log: told.resolve });
  const [maker] = listLiveProcesses(dataFolder);
  return { kind: maker?.kind, told: maker === undefined ? undefined : await told.promise };
}

test('class archives are made one after another, the newest version first', async () => {
  expect((await prepare()).kind).toBe('class archive of Kafka 4.10.0, 4.3.1, 3.9.2');
}, 30_000);

test('an archive that could not be made is told, and bars no later try', async () => {
  expect((await prepare()).told).toContain('could not be made (exit code 1); brokers start slower');
  expect(left('4.3.1')).toEqual([]);
}, 30_000);

test('archives that exist are kept, and nothing runs for them', async () => {
  for (const version of ['3.9.2', '4.3.1', '4.10.0']) {
    writeFileSync(join(buildKafkaHome(optFolder, version), 'kafka.jsa'), 'archive');
  }
  expect((await prepare()).kind).toBeUndefined();
  expect(existsSync(join(buildKafkaHome(optFolder, '3.9.2'), 'kafka.jsa'))).toBe(true);
});

test('a stop ends the maker and its node, and leaves nothing of them', async () => {
  letJavaHang();
  const { maker, node, told } = await makerAtWork();
  expect([maker.kind, node.kind]).toEqual([
    'class archive of Kafka 4.10.0, 4.3.1, 3.9.2',
    'class archive node of Kafka 4.10.0',
  ]);
  await endArchiveMakers(dataFolder);
  expect([isAlive(maker), isAlive(node)]).toEqual([false, false]);
  expect(await told).toContain('was given up; the next start makes it');
  expect([left('4.10.0'), readdirSync(join(dataFolder, 'class-archive'))]).toEqual([[], []]);
  expect(listLiveProcesses(dataFolder)).toEqual([]);
}, 30_000);

test('a stop ends the node of a maker that was killed, and the next maker takes over', async () => {
  letJavaHang();
  const first = await makerAtWork();
  process.kill(first.maker.pid, 'SIGKILL');
  await first.told;
  expect(isAlive(first.node)).toBe(true);
  await endArchiveMakers(dataFolder);
  expect(isAlive(first.node)).toBe(false);
  expect((await makerAtWork()).node.kind).toBe('class archive node of Kafka 4.10.0');
  await endArchiveMakers(dataFolder);
}, 30_000);
