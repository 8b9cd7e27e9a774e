import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DescribeTasksCommand, ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { listLiveProcesses } from '../../local/core/processes.ts';
import { cloudFolder, root } from '../launch/folders.ts';
import { localClient } from '../launch/local-client.ts';

/**
 * Kills the local cloud with its function workers (SIGKILL) while a service is being deployed, starts again, and counts
 * by the agents' logs how often each node was started. One round kills between RunTask's effect and its answer; two
 * rounds kill during cdk deploy. Usage: npm run prove:kills -- --data <empty folder> [--rounds 10] [--seed 1]
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '.warden/proof' },
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    port: { type: 'string', default: '22100' },
  },
});

/** Rounds of the deploy share one installation; each kill of cdk deploy has its own. */
let dataFolder = resolve(values.data);
const port = Number(values.port);
const aws = localClient(`http://127.0.0.1:${port}`);
/** A deploy takes about half a minute here: kills fall all over it. */
const deployMs = 30_000;
/** The local CloudFormation creates the stack in a few seconds. */
const stackCreationMs = 1_500;

interface Launch {
  readonly ended: Promise<number>;
  readonly ready: Promise<boolean>;
}

/** mulberry32: the same seed gives the same moments. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function npmStart(...args: readonly string[]): Launch {
  const child = spawn(
    'npm',
    [
      'start',
      '--',
      '--data',
      dataFolder,
      '--port',
      String(port),
      '--api-port',
      String(port + 1),
      '--addresses',
      '127.72',
      ...args,
    ],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  const ended = new Promise<number>((done) => child.once('exit', (code) => done(code ?? 1)));
  const ready = new Promise<boolean>((done) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('Warden runs.')) done(true);
    });
    void ended.then(() => done(false));
  });
  return { ended, ready };
}

/** The cloud and its function workers: everything of the control plane but the hosts and the table's own process. */
function killCloud(): number {
  const victims = listLiveProcesses(cloudFolder(dataFolder)).filter(
    ({ kind }) => kind === 'cloud' || kind.startsWith('function'),
  );
  for (const { pid } of victims) process.kill(pid, 'SIGKILL');
  return victims.length;
}

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const { api, token } = JSON.parse(readFileSync(join(dataFolder, 'endpoints.json'), 'utf8')) as {
    api: string;
    token: string;
  };
  const response = await fetch(`${api}${path}`, {
    method,
    headers: { authorization: `token=${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (let look = 0; look < 3000; look++) {
    if (await condition()) return;
    await pause(100);
  }
  throw new Error(`not within 300 s: ${what}`);
}

/** Tasks that the agents say they started, by who asked for them, since the marks of each log. */
async function startsByNode(marks: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, number>> {
  const arns = agentLogs().flatMap(({ name, text }) =>
    [...text.slice(marks.get(name) ?? 0).matchAll(/ started (\S+) /g)].map(([, arn]) => arn ?? ''),
  );
  const ecs = new ECSClient(aws);
  const [cluster] = (await ecs.send(new ListClustersCommand({}))).clusterArns ?? [];
  const counts = new Map<string, number>();
  for (const arn of arns) {
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [arn] }));
    const [, , node, purpose] = tasks[0]?.startedBy?.split('/') ?? [];
    if (purpose === 'node' && node !== undefined) counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return counts;
}

function agentLogs(): { name: string; text: string }[] {
  const hosts = join(cloudFolder(dataFolder), 'hosts');
  const names = readdirSync(hosts).filter((name) => name.startsWith('i-'));
  return names.map((name) => ({ name, text: readFileSync(join(hosts, name, 'agent.log'), 'utf8') }));
}

/**
 * Stops the workers the moment that ECS has stored the first node's task, looks whether the table knows its ARN, and
 * kills. The workers are listed while the volume is prepared; from then on only the journal is watched, without a pause:
 * the answer takes a few milliseconds.
 */
async function killBetweenEffectAndAnswer(): Promise<string> {
  const journal = join(cloudFolder(dataFolder), 'ecs', 'tasks.jsonl');
  const before = statSync(journal).size;
  const written = () => readFileSync(journal, 'utf8').slice(before);
  await until(async () => written().includes('/1000/preparation/1"'), 'the first volume is being prepared');
  const workers = listLiveProcesses(cloudFolder(dataFolder)).filter(({ kind }) => kind.startsWith('function'));
  const end = performance.now() + 30_000;
  for (let size = statSync(journal).size; performance.now() < end; ) {
    const grown = statSync(journal).size;
    if (grown === size) continue;
    size = grown;
    if (!written().includes('/1000/node/1"')) continue;
    for (const { pid } of workers) process.kill(pid, 'SIGSTOP');
    const knowsArn = await goalKnowsTask();
    const victims = killCloud();
    return knowsArn
      ? 'missed the window: the ARN was stored'
      : `killed ${victims} processes after RunTask had its effect and before its answer was taken`;
  }
  throw new Error('the first node was not started within 30 s');
}

async function goalKnowsTask(): Promise<boolean> {
  const client = new DynamoDBClient(aws);
  const file = join(dataFolder, 'outputs.json');
  const outputs = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string>>;
  const TableName = Object.values(outputs)[0]?.['TableName'];
  const { Items = [] } = await client.send(new ScanCommand({ TableName }));
  return Items.some((item) => item['sk']?.S === 'GOAL#1000' && item['launch']?.M?.['taskArn'] !== undefined);
}

async function round(title: string, kill: () => Promise<string>): Promise<boolean> {
  const marks = new Map(agentLogs().map(({ name, text }) => [name, text.length]));
  const installed = await call('POST', '/services', { options: {} });
  if (installed.status !== 202) throw new Error(`install answered ${installed.status}`);
  const how = await kill();
  const startedAt = Date.now();
  const launch = npmStart();
  const ready = await launch.ready;
  const plan = ready ? ((await call('GET', '/v1/plans/deploy')).body as { status: string }).status : 'unknown';
  const counts = await startsByNode(marks);
  const once = counts.size === 6 && [...counts.values()].every((count) => count === 1);
  const starts = [...counts]
    .sort()
    .map(([node, count]) => `${node}:${count}`)
    .join(' ');
  process.stdout.write(
    `${title}: ${how}; back in ${Math.round((Date.now() - startedAt) / 1000)} s, plan ${plan}, starts ${starts}${once && plan === 'COMPLETE' ? '' : '  <-- WRONG'}\n`,
  );
  await call('DELETE', '/service/kafka?confirm=kafka');
  await until(async () => ((await call('GET', '/services')).body as unknown[]).length === 0, 'the service is gone');
  return once && plan === 'COMPLETE';
}

/** Kills while the stack is being created, then starts again: the deployment must be complete. */
async function killDuringCdkDeploy(attempt: number, next: () => number): Promise<void> {
  dataFolder = resolve(values.data, `cdk-${attempt}`);
  const launch = npmStart('--no-service');
  await until(isCreating, 'the stack is being created');
  const afterMs = Math.round(next() * stackCreationMs);
  await pause(afterMs);
  const victims = killCloud();
  const code = await launch.ended;
  const ready = await npmStart('--no-service').ready;
  process.stdout.write(
    `cdk deploy ${attempt}: killed ${victims} processes ${afterMs} ms into the creation of the stack, npm start ended with ${code}; started again: ${ready ? 'deployed' : 'NOT DEPLOYED  <-- WRONG'}\n`,
  );
  await stopAll();
}

async function isCreating(): Promise<boolean> {
  const client = new CloudFormationClient(aws);
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: 'Warden' }));
    return Stacks[0]?.StackStatus === 'CREATE_IN_PROGRESS';
  } catch {
    // The cloud does not answer yet, or knows no such stack yet.
    return false;
  }
}

async function stopAll(): Promise<void> {
  const child = spawn('npm', ['stop', '--', '--data', dataFolder], { cwd: root, stdio: 'ignore' });
  await new Promise((done) => child.once('exit', done));
}

async function main(): Promise<number> {
  const next = random(Number(values.seed));
  for (const attempt of [1, 2]) await killDuringCdkDeploy(attempt, next);
  dataFolder = resolve(values.data, 'deploy');
  if (!(await npmStart('--no-service').ready)) throw new Error('npm start did not come up');
  let good = 0;
  const rounds = Number(values.rounds);
  for (let number = 1; number <= rounds; number++) {
    const kill = async () => {
      const afterMs = Math.round(next() * deployMs);
      await pause(afterMs);
      return `killed ${killCloud()} processes ${(afterMs / 1000).toFixed(1)} s into the deploy`;
    };
    if (await round(`round ${number}`, number === rounds ? killBetweenEffectAndAnswer : kill)) good++;
  }
  await stopAll();
  process.stdout.write(`${good} of ${rounds} rounds: complete, each node started exactly once\n`);
  return good === rounds ? 0 : 1;
}

process.exit(await main());
