import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../rights/installation.ts';
import { type Chapter, checkStarts, type Story } from '../../rolls/story.ts';
import { cloudOf } from '../cloud.ts';
import { addressesOf, areInSync, untilPartitions } from '../leaders.ts';
import {
  checkInPlace,
  checkNothingStarts,
  holdJvm,
  killJvm,
  nodeSeen,
  nodesSeen,
  recoveryStep,
  untilNextTry,
  untilReason,
} from '../nodes.ts';

const held = 2;
const heldSeconds = 30;

/** What looks like an end and is none: nothing may be started beside it. And an end that is one before it has begun. */
export const unproven: Chapter = {
  name: 'unproven',
  title: 'a broker that is held for 30 s, a forged event, failed pulls of its image, a host deregistered by force',
  // The connections of a process that is held stay open: clients wait for its answers.
  mayFail: true,
  run: async (story) => {
    await heldAndLetGo(story);
    await forgedEvent(story);
    await failedPulls(story);
    await deregisteredHost(story);
  },
};

async function heldAndLetGo(story: Story): Promise<void> {
  const { cluster, service, findings } = story;
  const startedAt = Date.now();
  const was = await holdJvm(story, held);
  await pause(heldSeconds * 1000);
  await cluster.chaos('task/resume', { task: was.taskArn, program: 'java' });
  const synced = await untilPartitions(addressesOf(await service.bootstrap()), areInSync, 300);
  findings.check(
    `held for ${heldSeconds} s: all replicas are in sync again`,
    synced !== undefined,
    synced?.length ?? 'no',
  );
  const now = await nodeSeen(service, held);
  findings.check('it is the same process', now.taskArn === was.taskArn && now.state === 'RUNNING', now);
  await checkStarts(story, startedAt, {});
}

/** EventBridge takes no event from anybody in the name of ECS: whoever may call the function could tell it one. */
async function forgedEvent(story: Story): Promise<void> {
  const { service, findings, cluster } = story;
  const cloud = cloudOf(cluster);
  const { taskArn } = await nodeSeen(service, held);
  const seen = await cloud.task(taskArn);
  for (const version of [seen.version ?? 1, (seen.version ?? 1) + 1]) {
    const containers = (seen.containers ?? []).map((one) => ({ ...one, lastStatus: 'STOPPED', exitCode: 137 }));
    const answer = await cloud.tellEvents({
      ...{ version: '0', id: 'forged', source: 'aws.ecs', 'detail-type': 'ECS Task State Change' },
      detail: {
        ...{ taskArn, version, startedBy: seen.startedBy, group: seen.group, clusterArn: seen.clusterArn },
        ...{ lastStatus: 'STOPPED', desiredStatus: 'STOPPED', stopCode: 'EssentialContainerExited', containers },
      },
    });
    findings.keep(`what the function Events says to a forged STOPPED of version ${version}`, answer);
  }
  await checkNothingStarts(story, 15);
  const now = await nodeSeen(service, held);
  findings.check(
    'forged STOPPED: the task is RUNNING for Warden',
    now.state === 'RUNNING' && now.taskArn === taskArn,
    now,
  );
  const plans = (await service.call('GET', '/plans')).body;
  findings.check('nothing is recovered', Array.isArray(plans) && !plans.includes('recovery'), plans);
}

async function failedPulls(story: Story): Promise<void> {
  const { cluster, service, findings } = story;
  const startedAt = Date.now();
  const { instanceId } = await nodeSeen(service, held);
  await cluster.chaos('image/fail', { host: instanceId, times: 2 });
  const was = await killJvm(story, held);
  const said = new Set<string>();
  const now = await until('the broker runs after two failed pulls', 600, async () => {
    const sentence = (await recoveryStep(service, held))?.waiting?.sentence;
    if (sentence?.includes('CannotPull') === true) said.add(sentence.replace(/in \d+ s/, 'in … s'));
    const seen = await nodeSeen(service, held);
    return seen.attempt > was.attempt && seen.state === 'RUNNING' ? seen : undefined;
  });
  findings.check('two failed pulls: the plan tells them', said.size > 0, [...said]);
  checkInPlace(findings, was, now, 3);
  await service.untilSettled(3);
  await checkStarts(story, startedAt, { [held]: 1 });
}

/** ECS calls its tasks STOPPED without an exit code; both JVMs live. */
async function deregisteredHost(story: Story): Promise<void> {
  const { cluster, service, findings } = story;
  const startedAt = Date.now();
  const onHost = [held, 1000 + held];
  const before = await nodesSeen(service, onHost);
  const [broker] = before;
  if (broker === undefined) throw new Error('there is no such broker');
  const bootstrap = await service.bootstrap();
  await cluster.chaos('host/deregister', { host: broker.instanceId });
  for (const { nodeId } of before) {
    const step = await untilReason(service, nodeId, 'stop not proven');
    findings.check(`deregistered by force: node ${nodeId} waits, its stop is not proven`, true, step.waiting?.sentence);
  }
  await checkNothingStarts(story, 15);
  const stillIn = await untilPartitions(addressesOf(bootstrap), areInSync, 10);
  findings.check('its broker is registered and in sync all the while', stillIn !== undefined, stillIn?.length ?? 'no');
  // The person whom it waits for: makes sure that nothing runs there any more.
  await cluster.chaos('host/terminate', { host: broker.instanceId });
  for (const was of before) {
    const now = await untilNextTry(service, was);
    findings.check(
      `terminated: node ${was.nodeId} is on another host of its zone with its volume`,
      now.instanceId !== was.instanceId && now.volumeId === was.volumeId && now.zone === was.zone,
      { was, now },
    );
  }
  await service.untilSettled(3);
  await checkStarts(story, startedAt, { [held]: 1, [1000 + held]: 1 });
}
