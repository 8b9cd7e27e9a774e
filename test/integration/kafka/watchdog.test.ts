import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { nodeRunRequest, nodeTaskDefinition } from '../../../lib/model/broker/node-task.ts';
import { dataMountPath } from '../../../lib/model/broker/start-command.ts';
import { resolveOptions } from '../../../lib/model/service/resolve-options.ts';
import { packedProperties } from '../../../lib/operations/node/packed-properties.ts';
import { rewritePaths } from '../../../local/agent/rewrite-paths.ts';
import { openImage } from '../../../local/images/kafka-image.ts';
import { optFolder } from '../../../scripts/launch/folders.ts';

const packageVersion = '1.0.0-4.3.1';
const address = '127.41.1.10';
const folder = mkdtempSync(join(tmpdir(), 'warden-watched-'));

/** The container of one node that is broker and controller, as ECS would be told to run it. */
function launch() {
  const resolved = resolveOptions(
    {
      service: {
        ...{ health_check_delay_sec: 0, health_check_grace_period_sec: 0, health_check_interval_sec: 1 },
        ...{ health_check_timeout_sec: 5, health_check_max_consecutive_failures: 2 },
      },
      brokers: { count: 1, port: 9092, mem: 512, heap: { size: 256 } },
      controllers: { mode: 'combined', port: 9093 },
      kafka: { log_cleaner_dedupe_buffer_size: 4_194_304 },
    },
    packageVersion,
  );
  if (resolved.type === 'refused') throw new Error(JSON.stringify(resolved.refusals));
  const config = { id: 'config-1', packageVersion, options: resolved.options };
  const target = {
    ...{ service: 'kafka', configId: config.id, packageVersion, clusterId: 'MkU3OEVBNTcwNTJENDM2Qg' },
    ...{ brokerIds: [0], controllerIds: [], createdAt: 0 },
  };
  const host = { instanceId: 'i-1', containerInstanceArn: 'arn', address, zone: 'zone' };
  const input = {
    ...{ target, config, nodeId: 0, volumeId: 'vol-1', logGroup: 'group', logRegion: 'region' },
    ...{ taskDefinitionArn: 'arn', host, attempt: 1 },
  };
  const controllers = [{ nodeId: 0, address }];
  const properties = packedProperties({ config, nodeId: 0, address, rack: 'zone', controllers });
  return { definition: nodeTaskDefinition(input), request: nodeRunRequest(input, properties, '--standalone') };
}

let container: ChildProcess;
let over: Promise<number | null>;
let log = '';
let heard: () => void = () => undefined;

beforeAll(() => {
  const { definition, request } = launch();
  const data = join(folder, 'data');
  mkdirSync(data);
  const rules = [...openImage(optFolder, definition.image).paths, { from: dataMountPath, to: data }];
  const [program = '', ...rest] = [...definition.entryPoint, ...definition.command].map(
    (text) => rewritePaths(text, rules).text,
  );
  container = spawn(program, rest, {
    ...{ cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
    env: {
      ...process.env,
      ...request.environment,
      KAFKA_JVM_PERFORMANCE_OPTS: '-XX:+UseSerialGC -XX:TieredStopAtLevel=1',
    },
  });
  for (const stream of [container.stdout, container.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      heard();
    });
  }
  over = new Promise((resolve) => container.once('exit', (code) => resolve(code)));
  void over.then(() => heard());
});

afterAll(() => {
  try {
    process.kill(-(container.pid ?? 0), 'SIGKILL');
  } catch {
    // ESRCH: nothing is left of it.
  }
  rmSync(folder, { recursive: true, force: true });
});

async function untilLogged(text: string): Promise<void> {
  while (!log.includes(text)) {
    if (container.exitCode !== null) throw new Error(`ended with ${container.exitCode}: ${log.slice(-2000)}`);
    await new Promise<void>((resolve) => {
      heard = resolve;
    });
  }
}

/** What the watchdog says. */
function words(): readonly string[] {
  return log.split('\n').filter((line) => line.startsWith('warden: '));
}

/** Children of a process, by what they run. Source: proc_pid_children(5). */
function childrenOf(pid: number): ReadonlyMap<string, number> {
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return new Map(pids.flatMap((child) => commandOf(child).map((command) => [command, Number(child)] as const)));
}

function commandOf(pid: string): readonly string[] {
  try {
    const [program = '', argument = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return [/(^|\/)java$/.test(program) ? 'java' : `${program} ${argument}`];
  } catch {
    // It ended since it was listed.
    return [];
  }
}

function childOf(pid: number, command: string): number {
  const child = childrenOf(pid).get(command);
  if (child === undefined) throw new Error(`${pid} runs no ${command}`);
  return child;
}

/** The next pause between two checks, which is another process than `before`. */
async function nextPause(watchdog: number, before?: number): Promise<number> {
  for (;;) {
    const pause = childrenOf(watchdog).get('sleep 1');
    if (pause !== undefined && pause !== before) return pause;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a broker that is stopped for a moment goes on, and one that is stopped for good is ended by its watchdog', async () => {
  await untilLogged('Kafka Server started');
  const server = childOf(container.pid ?? 0, 'java');
  const watchdog = childOf(container.pid ?? 0, 'bash -c');
  // Between two pauses lies a check, which succeeds since Kafka has started.
  await nextPause(watchdog, await nextPause(watchdog));
  expect(words()).toEqual([]);
  process.kill(server, 'SIGSTOP');
  await untilLogged('health check 1 of 2 failed: no answer within 5 s');
  process.kill(server, 'SIGCONT');
  await untilLogged('health check succeeded, 1 failed before');
  process.kill(server, 'SIGSTOP');
  expect(await over).toBe(69);
  const first = 'warden: health check 1 of 2 failed: no answer within 5 s';
  expect(words()).toEqual([
    first,
    'warden: health check succeeded, 1 failed before',
    first,
    'warden: health check 2 of 2 failed: no answer within 5 s',
    'warden: the node does not answer any more: it is ended with SIGKILL, exit code 69',
  ]);
}, 60_000);
