import { describe, expect, jest, test } from '@jest/globals';
import { createHost } from '../world.ts';
import { minuteMs, secondMs, type Told, tell } from './tell.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

const three = { brokers: { count: 3 }, controllers: { count: 3 } };
const all = ['0', '1', '2', '1000', '1001', '1002'];

/** Node ids of the processes that were started since so many starts, in order. */
function startedSince({ world }: Told, count: number): readonly string[] {
  return world.starts
    .slice(count)
    .map(({ startedBy }) => /^warden\/kafka\/(\d+)\/node\//.exec(startedBy)?.[1])
    .filter((node) => node !== undefined);
}

const sorted = (nodes: readonly string[]): readonly string[] => [...nodes].sort();

async function deployed(name: string, hosts = 6): Promise<Told> {
  const told = tell(name, { hosts });
  await told.install('kafka', three);
  await told.rest();
  await told.world.clock.pass(minuteMs);
  return told;
}

function kill({ world, process }: Told, nodes: readonly string[]): void {
  for (const node of nodes) world.aws.killTask(process(`kafka/${node}`)?.taskArn ?? '');
}

const isController = (node: string): boolean => Number(node) >= 1000;

/** Names of the recoveries that were started since a time, in epoch milliseconds. */
function recoveriesSince({ world }: Told, since: number): readonly string[] {
  return world.stepFunctions
    .executions()
    .filter(({ machine, startedAt }) => machine === 'recover' && startedAt >= since)
    .map(({ name }) => name);
}

/** When the newest task of a node was asked for, in epoch milliseconds. */
function askedAt({ world }: Told, node: string): number {
  const tasks = world.aws.tasks().filter(({ startedBy }) => startedBy?.startsWith(`warden/kafka/${node}/node/`));
  return Math.max(...tasks.map(({ createdAt }) => createdAt));
}

describe('a service of which many nodes die at once', () => {
  test.each([
    ['all six', all],
    ['all controllers', ['1000', '1001', '1002']],
    ['two of three controllers', ['1000', '1001']],
    ['all brokers', ['0', '1', '2']],
    ['a zone', ['0', '1000']],
  ])('comes back with each of them started once, side by side: %s', async (what, nodes) => {
    const told = await deployed(what);
    const { world, rest, broken } = told;
    const count = world.starts.length;
    const killedAt = world.clock.now();
    kill(told, nodes);
    await rest();
    expect(sorted(startedSince(told, count))).toEqual(sorted(nodes));
    // One recovery of each; none failed, and nobody came a second time for what the first one did.
    expect(recoveriesSince(told, killedAt).length).toBe(nodes.length);
    // The delay of ten seconds is waited out by all at the same time; brokers come after the controllers, not after each other.
    for (const role of [nodes.filter(isController), nodes.filter((node) => !isController(node))]) {
      const times = role.map((node) => askedAt(told, node));
      expect(Math.max(...times, 0) - Math.min(...times, Number.MAX_SAFE_INTEGER)).toBeLessThan(4 * secondMs);
      for (const time of times) expect(time - killedAt).toBeLessThan(20 * secondMs);
    }
    expect(broken()).toEqual([]);
  });
});

describe('a service whose hosts all end at once', () => {
  test('and come back with their addresses, starts each node once', async () => {
    const told = await deployed('a power cut');
    const { world, rest, broken } = told;
    const count = world.starts.length;
    const hosts = world.aws.hosts().map(({ instanceId }) => instanceId);
    for (const instanceId of hosts) world.aws.crashHost(instanceId);
    await world.clock.pass(2 * minuteMs);
    for (const instanceId of hosts) world.aws.startHost(instanceId);
    await rest();
    expect(sorted(startedSince(told, count))).toEqual(sorted(all));
    expect(broken()).toEqual([]);
  });

  test.each([
    // Three controllers that all change their addresses at once do not find each other again without names.
    [
      'all of them, of a service with one controller',
      { brokers: { count: 3 }, controllers: { count: 1 } },
      ['a', 'b', 'c'],
    ],
    ['two zones of three', three, ['a', 'b']],
  ])('for good, moves all nodes with their volumes to those that come instead: %s', async (what, options, zones) => {
    const told = tell(`terminated: ${what}`, { hosts: 6 });
    const { world, install, rest, process, broken } = told;
    await install('kafka', options);
    await rest();
    await world.clock.pass(minuteMs);
    const nodes = sorted(startedSince(told, 0));
    const volumes = nodes.map((node) => process(`kafka/${node}`)?.volumeId);
    const isLost = ({ zone }: { readonly zone: string }) => zones.some((letter) => zone.endsWith(letter));
    const lost = world.aws.hosts().filter(isLost);
    const moved = nodes.filter((node) => isLost(process(`kafka/${node}`)?.host ?? { zone: '' }));
    const count = world.starts.length;
    for (const { instanceId } of lost) world.aws.loseHost(instanceId);
    await world.clock.pass(minuteMs);
    expect(startedSince(told, count)).toEqual([]);
    for (let index = 0; index < 6; index++) world.aws.addHost(createHost(48 + index));
    await rest();
    expect(nodes.map((node) => process(`kafka/${node}`)?.volumeId)).toEqual(volumes);
    expect(sorted(startedSince(told, count))).toEqual(moved);
    expect(broken()).toEqual([]);
  });
});
