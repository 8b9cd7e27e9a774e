import type { HttpRequest } from '../cloud/api-request.ts';
import type { MadeCall } from '../cloud/external-calls.ts';
import type { SimulatedStack } from '../cloud/stack.ts';
import { beginProducing } from '../commands/kafka-users.ts';
import type { Options } from '../commands/updates.ts';
import { noFaults } from '../faults/no-faults.ts';
import { type CrashPoint, oneCrash } from '../faults/one-crash.ts';
import { watchAll } from '../invariants/index.ts';
import { createHosts, createWorld, type World } from '../world.ts';
import { check, watchSteps } from './look.ts';
import { type Report, reportOf } from './run-scenario.ts';
import { createScene, type Scene } from './scene.ts';
import { unfinished } from './services.ts';

/**
 * A service's whole life: it is installed, its nodes die, one of them unnoticed, or its options change, or operators say
 * something of its nodes or of all of it; it is taken away.
 */
interface Life {
  readonly name: LifeName;
  readonly brokers: number;
  readonly controllers: number | 'combined';
  /** Nodes whose processes are killed, one after another. */
  readonly killed: readonly number[];
  /** The node that dies once more while no event is delivered: only a sweep of reconcile finds it. */
  readonly diesUnnoticed?: number;
  /** What is changed, one after the other, and how often that restarts each node. */
  readonly updates?: readonly { readonly options: Options; readonly restarts: number }[];
  readonly words?: readonly Word[];
  /** Absent: 3. */
  readonly hosts?: number;
}

/** What an operator says by a path of the service. */
interface Word {
  readonly path: string;
  readonly query?: HttpRequest['query'];
  /** How often that starts these nodes; the others it does not. */
  readonly starts: readonly [times: number, ...nodeIds: number[]];
}

/**
 * Brokers and controllers; `1` is one node that is both; of the last ones nobody dies: of `updated` the options change,
 * `moved` has nodes replaced with their volumes and with empty ones, hibernates and is resumed.
 */
export const lifeNames = ['1', '1+1', '3+3', 'updated', 'moved'] as const;

export type LifeName = (typeof lifeNames)[number];

export interface LifeReport extends Report {
  /** Starts of each node's process, by `startedBy` without the attempt. */
  readonly starts: ReadonlyMap<string, number>;
}

/** The smallest services, and the usual one. */
export const lives: Readonly<Record<LifeName, Life>> = {
  '1': { name: '1', brokers: 1, controllers: 'combined', killed: [0], diesUnnoticed: 0 },
  '1+1': { name: '1+1', brokers: 1, controllers: 1, killed: [0, 1000], diesUnnoticed: 0 },
  '3+3': { name: '3+3', brokers: 3, controllers: 3, killed: [0, 1, 2, 1000, 1001, 1002], diesUnnoticed: 1 },
  updated: {
    ...{ name: 'updated', brokers: 1, controllers: 1, killed: [] },
    updates: [
      // Read at the start only, by brokers and controllers.
      { options: { kafka: { queued_max_requests: 600 } }, restarts: 1 },
      // Taken by a broker as it runs.
      { options: { kafka: { message_max_bytes: 2_000_000 } }, restarts: 0 },
    ],
  },
  moved: {
    // Two hosts in each zone, so that a node can leave its own with its volume.
    ...{ name: 'moved', brokers: 3, controllers: 3, hosts: 6, killed: [] },
    words: [
      { path: 'v1/pod/kafka-0/replace', starts: [1, 0] },
      { path: 'v1/pod/kafka-1/replace', query: { volume: 'discard' }, starts: [1, 1] },
      { path: 'v1/pod/controller-2/replace', query: { volume: 'discard' }, starts: [1, 1002] },
      { path: 'v1/hibernate', starts: [0] },
      { path: 'v1/resume', starts: [1, 0, 1, 2, 1000, 1001, 1002] },
    ],
  },
};

const seed = 'crash points';
const secondMs = 1_000;
const patienceMs = 3_600_000;
/** Time for the events of what has ended, and for a sweep of reconcile. */
const quietMs = 6 * 60 * secondMs;
/** So long no event tells of the death that is to go unnoticed; long after ECS has shown it. */
const deafMs = 60 * secondMs;

/** Runs a life in which one process dies at one call, or none does; it must go on as if nothing had been. */
export async function runLife(life: Life, stack: SimulatedStack, crash?: CrashPoint): Promise<LifeReport> {
  let isDeaf = false;
  const world = createWorld({
    ...{ seed, stack, hosts: createHosts(life.hosts ?? 3) },
    faults: () => ({
      ...(crash === undefined ? noFaults() : oneCrash(crash)),
      ofEvent: () => (isDeaf ? 'event dropped' : 'none'),
    }),
  });
  const scene = createScene(world);
  const invariants = watchAll(scene);
  watchSteps(world, invariants);
  beginProducing(scene);
  const controllers = life.controllers === 'combined' ? { mode: 'combined' } : { count: life.controllers };
  const options = { brokers: { count: life.brokers }, controllers };
  await insist(scene, { method: 'POST', path: '/services', body: { options } }, [202, 409]);
  await comeToEnd(world, 'the install');
  world.kafka.createTopic(world.starts[0]?.environment['WARDEN_CLUSTER_ID'] ?? '', { name: 'orders', partitions: 4 });
  for (const nodeId of life.killed) {
    killNode(world, nodeId);
    await world.clock.pass(2 * secondMs);
    await comeToEnd(world, `the recovery of ${nodeId}`);
  }
  if (life.diesUnnoticed !== undefined) {
    isDeaf = true;
    killNode(world, life.diesUnnoticed);
    await world.clock.pass(deafMs);
    isDeaf = false;
    await comeToEnd(world, 'the recovery by reconcile');
  }
  for (const update of life.updates ?? []) await liveThroughUpdate(scene, update);
  for (const word of life.words ?? []) await liveThroughWord(scene, word);
  await insist(scene, { method: 'DELETE', path: '/service/kafka', query: { confirm: 'kafka' } }, [202, 404]);
  await comeToEnd(world, 'the uninstall');
  await world.clock.pass(quietMs, () => world.violations.length > 0);
  for (const when of ['nowAndThen', 'atRest'] as const) check(world, invariants, when);
  return { ...reportOf(world), starts: countStarts(world) };
}

/** Each node is restarted as often as the update takes, whoever dies meanwhile. */
async function liveThroughUpdate(
  scene: Scene,
  { options, restarts }: { readonly options: Options; readonly restarts: number },
): Promise<void> {
  // 200: it is so already, by a request whose answer was lost.
  const request: HttpRequest = { method: 'PATCH', path: '/service/kafka', body: { options } };
  const what = `the update to ${JSON.stringify(options)}`;
  await liveThrough(scene, { request, answers: [202, 200], what, starts: () => restarts });
}

async function liveThroughWord(scene: Scene, { path, query, starts: [times, ...nodeIds] }: Word): Promise<void> {
  const given = query === undefined ? {} : { query };
  const request: HttpRequest = { method: 'POST', path: `/service/kafka/${path}`, ...given };
  const named = nodeIds.map((nodeId) => `warden/kafka/${nodeId}/node`);
  // 208: it is so already, by a request whose answer was lost.
  const starts = (node: string): number => (named.includes(node) ? times : 0);
  await liveThrough(scene, {
    request,
    answers: [200, 202, 208],
    what: `${path} ${JSON.stringify(query ?? {})}`,
    starts,
  });
}

interface Change {
  readonly request: HttpRequest;
  readonly answers: readonly number[];
  readonly what: string;
  /** How often it starts the process of a node. */
  readonly starts: (node: string) => number;
}

async function liveThrough(scene: Scene, { request, answers, what, starts }: Change): Promise<void> {
  const { world } = scene;
  const before = countStarts(world);
  await insist(scene, request, answers);
  // Its machines begin a moment later.
  await world.clock.pass(2 * secondMs);
  await comeToEnd(world, what);
  for (const [node, count] of countStarts(world)) {
    const started = count - (before.get(node) ?? 0);
    if (!node.endsWith('/node') || started === starts(node)) continue;
    world.violations.push({
      rule: 'I8: a change restarts a node once',
      story: `${what} started ${node} ${started} times`,
    });
  }
}

/** An operator who does not get an answer asks again. */
async function insist(scene: Scene, request: HttpRequest, answers: readonly number[]): Promise<void> {
  const { clock, violations } = scene.world;
  for (let tried = 0; tried < 5; tried++) {
    let status: number | undefined;
    scene.send(request).then(
      (answer) => {
        status = answer.status;
      },
      (error: unknown) => violations.push({ rule: 'the simulation runs', story: String(error) }),
    );
    await clock.until(() => status !== undefined, 60 * secondMs);
    if (status !== undefined && answers.includes(status)) return;
  }
  violations.push({ rule: 'I5: a request is accepted', story: `${request.method} ${request.path} never was` });
}

async function comeToEnd(world: World, what: string): Promise<void> {
  const isBroken = () => world.violations.length > 0;
  const limit = world.clock.now() + patienceMs;
  while (!isBroken() && unfinished(world).length > 0) {
    if (world.clock.now() > limit) {
      const story = `${what}: ${unfinished(world).join('; ')}`;
      world.violations.push({ rule: 'I5: everything comes to its end', story });
      return;
    }
    await world.clock.pass(10 * secondMs, isBroken);
  }
}

function killNode(world: World, nodeId: number): void {
  for (const run of [...world.containers.values()]) {
    if (run.startedBy.startsWith(`warden/kafka/${nodeId}/node/`)) world.aws.killTask(run.taskArn);
  }
}

function countStarts(world: World): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  for (const { startedBy } of world.starts) {
    const name = startedBy.replace(/\/\d+$/, '');
    starts.set(name, (starts.get(name) ?? 0) + 1);
  }
  return starts;
}

/** The calls of one kind: of one function with the same words, whatever their numbers and ids. */
interface KindOfCall {
  readonly kind: string;
  /** Their positions among all calls, at least one. */
  readonly calls: readonly [number, ...number[]];
}

/** All calls by their kinds, in the order of the first one of each. */
export function kindsOfCalls(calls: readonly MadeCall[]): readonly KindOfCall[] {
  const kinds = new Map<string, [number, ...number[]]>();
  for (const [index, { functionName, words }] of calls.entries()) {
    const kind = `${functionName} ${words}`.replaceAll(/[0-9a-f]{8}[0-9a-f-]{4,}/g, '…').replaceAll(/\d+/g, 'n');
    const known = kinds.get(kind);
    if (known === undefined) kinds.set(kind, [index]);
    else known.push(index);
  }
  return [...kinds].map(([kind, positions]) => ({ kind, calls: positions }));
}
