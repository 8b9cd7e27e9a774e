import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { listLiveProcesses } from '../../../../local/core/processes.ts';

const PORT = 21080;
const NODE = join(process.cwd(), 'node_modules', '.bin', 'node');
const MAIN = join(process.cwd(), 'local', 'main.ts');
const OPT = join(process.cwd(), '.warden', 'opt');
const START_TIMEOUT_MS = 60_000;

let folder: string;
const children: ChildProcess[] = [];
const options = {
  endpoint: `http://127.0.0.1:${PORT}`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-main-'));
});

afterAll(() => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  for (const { pid } of listLiveProcesses(folder)) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true });
});

function spawnCloud(): ChildProcess {
  const ports = ['--port', String(PORT), '--api-port', String(PORT + 1)];
  const child = spawn(NODE, [MAIN, '--data', folder, '--opt', OPT, ...ports], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

async function startCloud(): Promise<{ child: ChildProcess; line: unknown }> {
  const child = spawnCloud();
  if (child.stdout === null) throw new Error('the cloud has no stdout');
  child.stderr?.resume();
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, line: JSON.parse(String(line)) };
}

test(
  'the cloud says when it is ready, guards its folder, survives kill -9 and stops in order',
  async () => {
    const first = await startCloud();
    expect(first.line).toEqual({ ready: true, endpoint: options.endpoint, pid: first.child.pid });
    const ssm = new SSMClient(options);
    await ssm.send(new PutParameterCommand({ Name: '/kept', Value: 'x', Type: 'String' }));

    const second = spawnCloud();
    if (second.stderr === null) throw new Error('the second cloud has no stderr');
    expect(await text(second.stderr)).toBe(
      `${folder} belongs to the local cloud with pid ${first.child.pid}, which runs: stop it first\n`,
    );
    expect(second.exitCode ?? (await once(second, 'exit'))[0]).toBe(1);

    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const third = await startCloud();
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/kept' }));
    expect(Parameter?.Value).toBe('x');
    const dynamodb = new DynamoDBClient(options);
    expect((await dynamodb.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    ssm.destroy();
    dynamodb.destroy();

    third.child.kill('SIGTERM');
    expect(await once(third.child, 'exit')).toEqual([0, null]);
    expect(listLiveProcesses(folder)).toEqual([]);
  },
  2 * START_TIMEOUT_MS,
);
