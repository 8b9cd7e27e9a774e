import { setTimeout as pause } from 'node:timers/promises';
import { podName } from '../../../../lib/model/node.ts';
import { until } from '../../rights/installation.ts';
import { type Chapter, checkStarts, once, type Story } from '../../rolls/story.ts';
import { cloudOf } from '../cloud.ts';
import { hostGroupsOf } from '../hosts.ts';
import { addressesOf, areInSync, untilPartitions } from '../leaders.ts';
import { checkNothingStarts, type NodeSeen, nodeSeen, nodesSeen, type, untilReason } from '../nodes.ts';

/** What the operator allows: the shortest times that there are. */
const replacement = {
  enable_replacement: true,
  recover_in_place_grace_period_secs: 60,
  min_delay_between_recovers_secs: 0,
};
const asBefore = {
  enable_replacement: null,
  recover_in_place_grace_period_secs: null,
  min_delay_between_recovers_secs: null,
};
const sweepEveryMs = 10_000;
const lost = [1000, 0];

/** The zone has no host and gets none: the volumes that lie in it cannot be had. */
export const zoneGone: Chapter = {
  name: 'zone-gone',
  title:
    "a zone's hosts are gone: its nodes wait and say so; with replacement enabled they start empty in another zone",
  run: async (story) => {
    const { cluster, service, findings } = story;
    const startedAt = Date.now();
    const before = await nodesSeen(service, lost);
    const zone = before[0]?.zone ?? '';
    const isInOne = before.every((node) => node.zone === zone);
    findings.check(`the nodes of ${zone} are a broker and a controller`, isInOne, before);
    const { zone: elsewhere } = await nodeSeen(service, 1);
    const lostAt = Date.now();
    await cluster.chaos('zone/lose', { zone });
    try {
      for (const { nodeId } of before) await waitsForItsZone(story, nodeId, zone);
      // All brokers of a service have one port, so a host has room for one of them.
      await hostGroupsOf(cluster).add(elsewhere);
      await checkNothingStarts(story, 15);
      findings.keep('update', await service.update({ service: replacement }));
      const after = await sweptUntilReplaced(story, before);
      await checkReplaced(story, { before, after, lostAt });
    } finally {
      await cluster.chaos('zone/restore', { zone });
      findings.keep('options put back', await service.askForUpdate({ service: asBefore }));
    }
    await service.untilSettled(3);
    await checkStarts(story, startedAt, once(lost));
  },
};

async function waitsForItsZone({ service, findings }: Story, nodeId: number, zone: string): Promise<void> {
  const step = await untilReason(service, nodeId, 'capacity', (reason) => reason['lost'] !== undefined);
  const sentence = step.waiting?.sentence ?? '';
  const wanted = [zone, `warden pod replace ${podName(nodeId)} --discard`, 'service.enable_replacement'];
  findings.check(
    `${podName(nodeId)} waits, and says that its zone has no host and what helps`,
    wanted.every((word) => sentence.includes(word)),
    sentence,
  );
}

/** The sweep that decides comes every five minutes by itself; here it is made sooner. */
async function sweptUntilReplaced(
  { cluster, service }: Story,
  before: readonly NodeSeen[],
): Promise<readonly NodeSeen[]> {
  const cloud = cloudOf(cluster);
  return until('the nodes of the zone run elsewhere', 900, async () => {
    await cloud.reconcile();
    const now = await nodesSeen(
      service,
      before.map(({ nodeId }) => nodeId),
    );
    const isBack = now.every(
      ({ attempt, state }, index) => state === 'RUNNING' && attempt > (before[index]?.attempt ?? 0),
    );
    if (!isBack) await pause(sweepEveryMs);
    return isBack ? now : undefined;
  });
}

async function checkReplaced(
  story: Story,
  { before, after, lostAt }: { before: readonly NodeSeen[]; after: readonly NodeSeen[]; lostAt: number },
): Promise<void> {
  const { cluster, service, findings } = story;
  for (const [index, was] of before.entries()) {
    const now = after[index] ?? was;
    findings.check(
      `${podName(was.nodeId)} is in another zone with another volume`,
      now.zone !== was.zone && now.volumeId !== was.volumeId,
      { was: [was.zone, was.volumeId], now: [now.zone, now.volumeId] },
    );
  }
  const seconds = (await service.starts(lostAt)).map(({ createdAt = 0 }) => (createdAt - lostAt) / 1000);
  const grace = replacement.recover_in_place_grace_period_secs;
  findings.check(
    `not before the grace period of ${grace} s`,
    seconds.every((after) => after >= grace),
    seconds,
  );
  const synced = await untilPartitions(addressesOf(await service.bootstrap()), areInSync, 900);
  findings.check('all replicas are in sync again', synced !== undefined, synced?.length ?? 'no');
  const history = JSON.parse(await type(story, 'operations', '--json')) as {
    readonly operations: readonly { readonly requestedBy: string; readonly why?: string }[];
  };
  const own = history.operations.filter(({ requestedBy }) => requestedBy === 'warden').map(({ why = '' }) => why);
  findings.check(
    'the history says of both what was chosen, and why',
    own.filter((why) => why.includes('no host of') && why.includes('starts empty')).length === before.length,
    own,
  );
  const kept = await cloudOf(cluster).volumeIds();
  const left = before.map(({ volumeId }) => volumeId);
  findings.check(
    'the volumes of before are kept',
    left.every((id) => kept.includes(id)),
    left,
  );
}
