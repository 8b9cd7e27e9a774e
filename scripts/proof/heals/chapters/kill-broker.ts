import { continueUntilComplete, withStage } from '../../rolls/commands.ts';
import { brokers, brokersOnly, type Chapter, checkStarts, countStarts, type Story } from '../../rolls/story.ts';
import { addressesOf, areInSync, areLedByOthers, untilPartitions } from '../leaders.ts';
import { checkInPlace, killJvm, nodeSeen, untilNextTry } from '../nodes.ts';

/** kill -9 of a broker's JVM at the moments at which an update is not there, under way, or waits for a person. */
export const killBroker: Chapter = {
  name: 'kill-broker',
  title: 'kill -9 of a broker, idle, in the middle of a roll and while STAGE waits: it is restarted in place',
  run: async (story) => {
    await idle(story);
    await inARoll(story);
    await whileStageWaits(story);
  },
};

async function idle(story: Story): Promise<void> {
  const { service, findings } = story;
  const startedAt = Date.now();
  const bootstrap = await service.bootstrap();
  const was = await killJvm(story, 1);
  const others = addressesOf(bootstrap, was.address);
  const moved = await untilPartitions(others, (partitions) => areLedByOthers(partitions, 1));
  findings.check('the leaders moved to other brokers', moved !== undefined, `${Date.now() - was.killedAt} ms`);
  const now = await untilNextTry(service, was);
  const synced = await untilPartitions(addressesOf(bootstrap), areInSync);
  findings.check('all replicas are in sync again', synced !== undefined, `${Date.now() - was.killedAt} ms`);
  checkInPlace(findings, was, now);
  await service.untilSettled(3);
  await checkStarts(story, startedAt, { 1: 1 });
}

/** Broker 2 dies while broker 0 is being restarted by the plan. */
async function inARoll(story: Story): Promise<void> {
  const { service, findings } = story;
  const startedAt = Date.now();
  const { planId } = await service.update(brokersOnly(story));
  await service.untilPlan('the first broker is under way', planId, (plan) =>
    plan.phases.flatMap(({ steps }) => steps).some(({ status }) => !['PENDING', 'WAITING', 'COMPLETE'].includes(status))
      ? true
      : undefined,
  );
  const was = await killJvm(story, 2);
  await service.untilComplete(planId);
  await service.untilSettled(3);
  const now = await nodeSeen(service, 2);
  const counts = countStarts(await service.starts(startedAt));
  findings.check(
    'in a roll: the two others were started once, the killed one once or, if it came back before its turn, twice',
    counts[0] === 1 && counts[1] === 1 && (counts[2] === 1 || counts[2] === 2),
    counts,
  );
  checkInPlace(findings, was, now, counts[2]);
  const target = (await service.call('GET', '/configurations/targetId')).body;
  const configs = await Promise.all(brokers.map(async (id) => (await nodeSeen(service, id)).configId));
  findings.check('every broker has the target config', new Set([...configs, String(target)].flat()).size === 1, {
    target,
    configs,
  });
}

/** The plan goes on waiting, and the broker comes back in the config that it had. */
async function whileStageWaits(story: Story): Promise<void> {
  const { service, findings } = story;
  const before = (await service.kafkaOptions())['group_initial_rebalance_delay_ms'] ?? null;
  await withStage(story, {}, async (stage) => {
    const { planId } = await service.update({ ...brokersOnly(story), service: stage });
    await service.untilWaiting(planId);
    const startedAt = Date.now();
    const was = await killJvm(story, 0);
    const now = await untilNextTry(service, was);
    checkInPlace(findings, was, now);
    findings.check('it has the config that it had', now.configId === was.configId, [was.configId, now.configId]);
    const bootstrap = await service.bootstrap();
    const synced = await untilPartitions(addressesOf(bootstrap), areInSync);
    findings.check('all replicas are in sync again', synced !== undefined, `${Date.now() - was.killedAt} ms`);
    const plan = await service.plan(planId);
    findings.check('the plan waits for an operator as before', plan.status === 'WAITING', plan.status);
    await checkStarts(story, startedAt, { 0: 1 });
    const back = await service.update({ kafka: { group_initial_rebalance_delay_ms: before } });
    await continueUntilComplete(service, back.planId);
  });
}
