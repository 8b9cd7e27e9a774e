import { brokers, type Chapter, checkStarts, controllers, once, type Story } from '../../rolls/story.ts';
import { addressesOf, areInSync, untilPartitions } from '../leaders.ts';
import { checkInPlace, killJvm, nodesSeen, untilNextTry } from '../nodes.ts';

/** One controller, the majority, all nodes, and all nodes together with everything that could bring them back. */
export const killControllers: Chapter = {
  name: 'kill-controllers',
  title: 'kill -9 of the active controller, of two, of all six nodes, and of everything with the local cloud',
  mayFail: true,
  run: async (story) => {
    const { service } = story;
    const active = await service.activeController();
    await killAndSee(story, [active]);
    const next = await service.activeController();
    const other = controllers.find((nodeId) => nodeId !== next) ?? 0;
    await killAndSee(story, [next, other]);
    await killAndSee(story, [...controllers, ...brokers]);
    await killAll(story);
  },
};

async function killAndSee(story: Story, nodeIds: readonly number[]): Promise<void> {
  const { service, findings } = story;
  const fromMs = Date.now();
  const before = await Promise.all(nodeIds.map((nodeId) => killJvm(story, nodeId)));
  for (const was of before) checkInPlace(findings, was, await untilNextTry(service, was));
  await seeItWell(story, fromMs, nodeIds);
}

/** The cloud is killed with its table, its agents and every container; then it is started again, and nothing else is done. */
async function killAll(story: Story): Promise<void> {
  const { cluster, service, findings } = story;
  const nodeIds = [...controllers, ...brokers];
  const fromMs = Date.now();
  const before = await nodesSeen(service, nodeIds);
  const killed = await cluster.killEverything();
  const kinds = Object.groupBy(killed, (kind) => kind.split(' ')[0] ?? kind);
  const counts = Object.fromEntries(Object.entries(kinds).map(([kind, all]) => [kind, all?.length]));
  findings.check(
    'the cloud, its table, its agents and all containers were killed',
    counts['cloud'] === 1 && counts['container'] === nodeIds.length && (counts['agent'] ?? 0) >= 3,
    counts,
  );
  await cluster.startControlPlane();
  for (const was of before) checkInPlace(findings, was, await untilNextTry(service, was));
  await seeItWell(story, fromMs, nodeIds);
}

/** All is in sync, and nothing was started more than once. */
async function seeItWell(story: Story, fromMs: number, nodeIds: readonly number[]): Promise<void> {
  const { service, findings } = story;
  await service.untilSettled(3);
  const synced = await untilPartitions(addressesOf(await service.bootstrap()), areInSync, 300);
  findings.check(
    `all is in sync after the end of ${nodeIds.join(', ')}`,
    synced !== undefined,
    `${Date.now() - fromMs} ms`,
  );
  await checkStarts(story, fromMs, once(nodeIds));
}
