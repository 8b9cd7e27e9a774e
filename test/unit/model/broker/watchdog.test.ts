import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, jest, test } from '@jest/globals';
import { WatchedContainer } from './watched-container.ts';

// Each starts processes, on a machine that may be busy with others.
jest.setTimeout(60_000);

const root = mkdtempSync(join(tmpdir(), 'warden-watchdog-'));
const started: WatchedContainer[] = [];

afterEach(() => {
  for (const container of started.splice(0)) container.end();
});

afterAll(() => rmSync(root, { recursive: true }));

type Options = ConstructorParameters<typeof WatchedContainer>[0];

let number = 0;

/** Checks follow one another without a pause, unless the test says otherwise. */
function start(options: Partial<Options> = {}): WatchedContainer {
  number++;
  const folder = mkdtempSync(join(root, 'container-'));
  const container = new WatchedContainer({
    ...{ folder, check: settings(), at: `127.41.0.${number}:9092`, mode: 'answer', ...options },
  });
  started.push(container);
  return container;
}

function settings(more: Readonly<Record<string, number>> = {}): string {
  const values = { delay: 0, interval: 0, timeout: 60, grace: 0, limit: 3, ...more };
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

async function healthy(options: Partial<Options> = {}): Promise<WatchedContainer> {
  const container = start(options);
  await container.until(() => container.asked('answer') >= 2);
  return container;
}

async function untilTrue(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const ended = 'warden: the node does not answer any more: it is ended with SIGKILL, exit code 69';
const failed = (count: number, why: string, limit = 3) => `warden: health check ${count} of ${limit} failed: ${why}`;
const late = 'no answer within 1 s';
const impatient = { check: settings({ timeout: 1 }) };
const cut = 'no connection, or one that ended without an answer';

describe('a node that answers', () => {
  test('is asked again and again without a word, and its end is the container’s', async () => {
    const container = await healthy();
    await container.until(() => container.asked('answer') >= 10);
    container.send('SIGTERM');
    expect(await container.exitCode()).toBe(143);
    expect(container.errors).toEqual([]);
    expect(container.output).toContain('told to stop');
    await untilTrue(() => container.processes().size === 0);
  });

  test('and ends by itself in the middle of a check gives the container its exit code, and no helper stays', async () => {
    const container = await healthy();
    container.become('exit 7');
    expect(await container.exitCode()).toBe(7);
    await untilTrue(() => container.processes().size === 0);
  });

  test('and is killed by somebody else ends the container as the kill of a process does', async () => {
    const container = await healthy();
    process.kill(await container.serverPid(), 'SIGKILL');
    expect(await container.exitCode()).toBe(137);
    expect(container.errors).not.toContain(ended);
  });
});

describe('a node that does not answer', () => {
  test.each([
    ['accepts and is silent', 'silent', late, 1],
    ['closes the connection', 'close', cut, 60],
    ['says something else', 'garbage', cut, 60],
  ] as const)('because it %s is counted out and ended, with 69', async (_, mode, why, timeout) => {
    const container = await healthy({ check: settings({ timeout }) });
    container.become(mode);
    expect(await container.exitCode()).toBe(69);
    expect(container.errors.slice(-4)).toEqual([failed(1, why), failed(2, why), failed(3, why), ended]);
    await untilTrue(() => container.processes().size === 0);
  });

  test('because its process is stopped, while the kernel accepts for it, is ended all the same', async () => {
    const container = await healthy(impatient);
    process.kill(await container.serverPid(), 'SIGSTOP');
    expect(await container.exitCode()).toBe(69);
    expect(container.errors.slice(-4)).toEqual([failed(1, late), failed(2, late), failed(3, late), ended]);
    expect(container.output).not.toContain('told to stop');
  });

  test('at one of its two listeners is not healthy', async () => {
    number++;
    const at = `127.41.0.${number}:9092 127.41.0.${number}:9093`;
    const container = await healthy({ at, ...impatient });
    container.become('answer 9092 only');
    expect(await container.exitCode()).toBe(69);
    expect(container.errors.slice(-4)).toEqual([failed(1, late), failed(2, late), failed(3, late), ended]);
  });

  test('for a while goes on, and its failures are forgotten', async () => {
    const container = await healthy({ check: settings({ timeout: 1, limit: 1000 }) });
    for (const time of [1, 2]) {
      container.become('silent');
      await container.until(({ errors }) => errors.filter((line) => line === failed(2, late, 1000)).length === time);
      container.become('answer');
      await container.until(({ errors }) => errors.filter((line) => line.includes('succeeded')).length === time);
    }
    const { errors } = container;
    const succeeded = errors.flatMap((line, index) => (line.includes('succeeded') ? [index] : []));
    const expected = succeeded.flatMap((index, time) => {
      const failures = index - (time === 0 ? 0 : (succeeded[time - 1] ?? 0) + 1);
      const counted = Array.from({ length: failures }, (_, count) => failed(count + 1, late, 1000));
      return [...counted, `warden: health check succeeded, ${failures} failed before`];
    });
    expect(errors.slice(0, (succeeded.at(-1) ?? 0) + 1)).toEqual(expected);
  });
});

describe('a failure does not count', () => {
  test('before the first success of this start, however many there are, and nothing is said', async () => {
    const container = start({ mode: 'close', check: settings({ limit: 1 }) });
    await container.until(() => container.asked('close') >= 4);
    expect(container.errors).toEqual([]);
    container.become('answer');
    await container.until(() => container.asked('answer') >= 2);
    container.become('close');
    expect(await container.exitCode()).toBe(69);
    expect(container.errors).toEqual([failed(1, cut, 1), ended]);
  });

  test('within the grace period, but is told', async () => {
    const container = await healthy({ check: settings({ grace: 3600, limit: 1 }) });
    container.become('close');
    await container.until(({ errors }) => errors.length >= 3);
    expect(new Set(container.errors)).toEqual(
      new Set([`warden: health check failed: ${cut}; it does not count within the grace period`]),
    );
    container.become('answer');
    await container.until(() => container.asked('answer') >= 4);
  });
});

describe('after SIGTERM', () => {
  test('in the middle of a check the server is told at once, and nothing is counted', async () => {
    const container = await healthy({ check: settings({ timeout: 600, limit: 1 }) });
    container.become('silent');
    await container.until(() => container.asked('silent') >= 1);
    container.send('SIGTERM');
    expect(await container.exitCode()).toBe(143);
    expect(container.errors).toEqual([]);
    await untilTrue(() => container.processes().size === 0);
  });

  test('nobody asks any more: a server that takes its time is left alone', async () => {
    const container = await healthy();
    const server = await container.serverPid();
    process.kill(server, 'SIGSTOP');
    container.send('SIGTERM');
    await untilTrue(() => [...container.processes().keys()].every((pid) => pid === container.pid || pid === server));
    // What a watchdog that is late would say.
    container.send('SIGUSR1');
    container.send('SIGTERM');
    process.kill(server, 'SIGCONT');
    expect(await container.exitCode()).toBe(143);
    expect(container.output).toContain('told to stop');
    expect(container.errors.filter((line) => line === ended)).toEqual([]);
  });
});

describe('a watchdog that ends', () => {
  test.each(['SIGTERM', 'SIGKILL'] as const)('by %s leaves the node alone, and the log says so', async (signal) => {
    const container = await healthy(impatient);
    const server = await container.serverPid();
    const isWatchdog = ([pid, command]: readonly [number, string]) =>
      pid !== container.pid && pid !== server && command.startsWith('bash');
    // The watchdog is older than the helper of its check.
    const [watchdog = 0] = [...container.processes()]
      .filter(isWatchdog)
      .map(([pid]) => pid)
      .sort((a, b) => a - b);
    process.kill(watchdog, signal);
    await container.until(({ errors }) => errors.length > 0);
    expect(container.errors).toEqual([
      'warden: the health checks have ended by themselves: this node runs without them until its next start',
    ]);
    container.become('silent');
    container.send('SIGTERM');
    expect(await container.exitCode()).toBe(143);
  });
});

test('a container without health checks is the server itself', async () => {
  const container = start({ check: '' });
  expect(await container.serverPid()).toBe(container.pid);
  expect([...container.processes().keys()]).toEqual([container.pid]);
  container.send('SIGTERM');
  expect(await container.exitCode()).toBe(143);
});
