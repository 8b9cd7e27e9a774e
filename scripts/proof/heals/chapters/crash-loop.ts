import { podName } from '../../../../lib/model/node.ts';
import { Service } from '../../rolls/service.ts';
import { brokers, type Chapter, countStarts, type Story } from '../../rolls/story.ts';
import { nodeSeen, untilReason } from '../nodes.ts';

/** The buffer of Kafka's log cleaner alone has 128 MiB; controllers have none, and are not concerned. */
const bad = { brokers: { heap: { size: 128 } } };
const good = { brokers: { heap: { size: 384 } } };
const wordsOfKafka = 'OutOfMemoryError';

/** More than any host has. */
const tooLarge = {
  service: { name: 'large' },
  brokers: { count: 1, cpus: 64, mem: 512, heap: { size: 256 }, disk: 1000 },
};

/** What never comes up by itself does not stand in the way of who can help. */
export const crashLoop: Chapter = {
  name: 'crash-loop',
  title:
    'a crash loop is ended by a corrected config while recovery waits; a service that waits for capacity is uninstalled',
  run: async (story) => {
    await correctedInAPlan(story);
    await correctedInARecovery(story);
    await uninstalledWhileItWaits(story);
  },
};

/** The plan's own step starts the broker again and again. */
async function correctedInAPlan(story: Story): Promise<void> {
  const { service } = story;
  const startedAt = Date.now();
  const { planId } = await service.update(bad);
  await untilFailoverDelay(service, planId, 0);
  await correct(story, startedAt, 0);
}

/** The step counts as complete by an operator's word, and the broker is in the hands of recovery. */
async function correctedInARecovery(story: Story): Promise<void> {
  const { service, findings } = story;
  const startedAt = Date.now();
  const { planId } = await service.update(bad);
  await untilFailoverDelay(service, planId, 0);
  await service.command(planId, 'interrupt');
  const forced = await service.call('POST', `/plans/${planId}/forceComplete?phase=broker&step=kafka-0:[broker]`);
  findings.keep('forceComplete of the step', forced);
  const step = await untilReason(service, 0, 'failover delay');
  findings.check('the broker is in the hands of recovery, which waits', true, step.waiting?.sentence);
  await correct(story, startedAt, 0);
}

async function correct(story: Story, startedAt: number, nodeId: number): Promise<void> {
  const { service, findings } = story;
  const { planId } = await service.update(good);
  const askedAt = Date.now();
  await service.untilComplete(planId);
  await service.untilSettled(3);
  findings.check('the corrected config is applied', true, `${Date.now() - askedAt} ms after it was asked for`);
  const counts = countStarts(await service.starts(startedAt));
  const since = countStarts(await service.starts(askedAt));
  findings.check(`${podName(nodeId)} was started once since, into the corrected config`, since[nodeId] === 1, since);
  const others = brokers.filter((broker) => broker !== nodeId && counts[broker] !== undefined);
  findings.check('no other broker was restarted', others.length === 0, counts);
  const now = await nodeSeen(service, nodeId);
  findings.check(`${podName(nodeId)} runs`, now.state === 'RUNNING', now);
}

async function untilFailoverDelay(service: Service, planId: string, nodeId: number): Promise<void> {
  await service.untilPlan(`the step of ${podName(nodeId)} waits out its failover delay`, planId, (plan) => {
    const step = plan.phases.flatMap(({ steps }) => steps).find(({ name }) => name.startsWith(`${podName(nodeId)}:`));
    const isTold = JSON.stringify(step ?? '').includes(wordsOfKafka);
    return isTold && step?.waiting?.reason.type === 'failover delay' ? true : undefined;
  });
}

async function uninstalledWhileItWaits({ cluster, findings }: Story): Promise<void> {
  const large = new Service(cluster, 'large');
  const answer = await cluster.call('POST', '/services', { options: tooLarge });
  findings.check('a service that no host can carry is accepted', answer.status === 202, answer.body);
  const sentence = await large.untilPlan('its plan waits for capacity', 'deploy', (plan) => {
    const waiting = plan.phases.flatMap(({ steps }) => steps).find((step) => step.waiting?.reason.type === 'capacity');
    return waiting?.waiting?.sentence;
  });
  findings.check('its plan says which hosts have no room', sentence.includes('waits for a host'), sentence);
  const askedAt = Date.now();
  await large.uninstall();
  findings.check('it is uninstalled', true, `${Date.now() - askedAt} ms after it was asked for`);
}
