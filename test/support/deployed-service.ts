import { strict as assert } from 'node:assert';
import type { FakeExecution } from './fake-machines.ts';
import type { FakeTask } from './fake-tasks.ts';
import { createFakeWorld, type FakeWorld, type FakeWorldOptions } from './fake-world.ts';

export const hourMs = 3_600_000;

/** A world with the default service, deployed, quiet. */
export async function deployedService(options: FakeWorldOptions = {}, wanted: unknown = {}): Promise<FakeWorld> {
  const world = createFakeWorld(options);
  await world.install(wanted);
  const [run] = world.machines.list();
  await world.clock.until('the end of the deploy', () => run?.status !== 'RUNNING', hourMs);
  await world.clock.pass(60_000);
  return world;
}

/** Lets events arrive, and time pass until no execution runs. */
export async function untilQuiet(world: FakeWorld, limitMs = hourMs): Promise<void> {
  const isQuiet = () => world.machines.list().every(({ status }) => status !== 'RUNNING');
  do {
    await world.clock.pass(2_000);
    await world.clock.until('the end of all executions', isQuiet, limitMs);
    await world.clock.pass(2_000);
  } while (!isQuiet());
}

export function execution(world: FakeWorld, part: string): FakeExecution {
  const found = world.machines.list().findLast(({ name, machine }) => name.includes(part) || machine === part);
  assert(found !== undefined, `no execution like ${part}`);
  return found;
}

export function taskOf(world: FakeWorld, nodeId: number): FakeTask {
  const task = world.tasks.ofNode(nodeId);
  assert(task !== undefined, `node ${nodeId} was never started`);
  return task;
}

/** startedBy of the tasks that are not stopped, sorted. */
export function liveTasks(world: FakeWorld): readonly string[] {
  const live = world.tasks.list().filter(({ view, isLost }) => view.lastStatus !== 'STOPPED' && !isLost);
  return live.map(({ request }) => request.startedBy).sort();
}

/** The process is killed, for example by the kernel. */
export const killed = {
  stopCode: 'EssentialContainerExited',
  exitCode: 137,
  stoppedReason: 'Essential container exited',
};

/** Whatever must never have happened. */
export function faultsOf(world: FakeWorld): readonly unknown[] {
  const starts = new Map<string, number>();
  for (const { request, view, isLost } of world.tasks.list()) {
    const node = /^warden\/[^/]+\/\d+\/node/.exec(request.startedBy)?.[0];
    if (node !== undefined && view.lastStatus !== 'STOPPED' && !isLost) starts.set(node, (starts.get(node) ?? 0) + 1);
  }
  const twins = [...starts].filter(([, count]) => count > 1).map(([node, count]) => `${count} live tasks of ${node}`);
  return [
    ...twins,
    ...world.disks.violations,
    ...world.kafka.violations,
    ...world.tasks.conflicts,
    ...world.eventErrors,
  ];
}
