import { podName } from '../../../../lib/model/node.ts';
import { type Chapter, checkStarts } from '../../rolls/story.ts';
import { addressesOf, areInSync, untilPartitions } from '../leaders.ts';
import { checkNothingStarts, nodeSeen, nodesSeen, untilNextTry, untilReason } from '../nodes.ts';

const [broker, controller] = [0, 1000];

/** The zone has no host and gets none: the volumes that lie in it cannot be had. */
export const zoneGone: Chapter = {
  name: 'zone-gone',
  title:
    "a zone's hosts are gone: its nodes wait and say so; with replacement enabled the broker starts empty elsewhere",
  run: async (story) => {
    const { cluster, service, findings } = story;
    const startedAt = Date.now();
    const [was] = await nodesSeen(service, [broker]);
    if (was === undefined) throw new Error('there is no such broker');
    await cluster.chaos('zone/lose', { zone: was.zone });
    try {
      for (const nodeId of [broker, controller]) {
        const step = await untilReason(service, nodeId, 'capacity');
        findings.check(`${podName(nodeId)} waits for a host and says so`, true, step.waiting?.sentence);
      }
      await checkNothingStarts(story, 30);
      const { planId } = await service.update({
        service: { enable_replacement: true, recover_in_place_grace_period_secs: 30 },
      });
      await service.untilComplete(planId);
      const now = await untilNextTry(service, was);
      findings.check(
        'the broker is in another zone with an empty volume',
        now.zone !== was.zone && now.volumeId !== was.volumeId,
        { was, now },
      );
      const synced = await untilPartitions(addressesOf(await service.bootstrap()), areInSync, 900);
      findings.check('it has all its replicas again, in sync', synced !== undefined, synced?.length ?? 'no');
    } finally {
      await cluster.chaos('zone/restore', { zone: was.zone });
      findings.keep('options put back', await service.askForUpdate({ service: { enable_replacement: false } }));
    }
    await service.untilSettled(3);
    findings.keep('the broker at the end', await nodeSeen(service, broker));
    await checkStarts(story, startedAt, { [broker]: 1, [controller]: 1 });
  },
};
