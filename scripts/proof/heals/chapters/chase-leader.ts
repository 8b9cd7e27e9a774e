import type { Chapter } from '../../rolls/story.ts';
import { addressesOf, areInSync, untilPartitions } from '../leaders.ts';
import { killJvm } from '../nodes.ts';

const kills = 5;
const partition = { topic: 'load', number: 0 };

/** The leader of one partition is killed as soon as there is one that a write can be acknowledged by. */
export const chaseLeader: Chapter = {
  name: 'chase-leader',
  title: 'kill -9 of five brokers in a row, always the leader of the same partition',
  mayFail: true,
  run: async (story) => {
    const { service, findings } = story;
    const bootstrap = await service.bootstrap();
    const killed: { readonly broker: number; readonly isr: readonly number[] }[] = [];
    while (killed.length < kills) {
      const last = killed.at(-1)?.broker;
      const leads = await untilPartitions(
        addressesOf(bootstrap),
        (partitions) => {
          const { leader = null, isr = [], minIsr = 2 } = partitions.find(isChased) ?? {};
          return leader !== null && leader !== last && isr.length >= minIsr;
        },
        300,
      );
      const { leader, isr } = leads?.find(isChased) ?? {};
      if (leader === undefined || leader === null || isr === undefined) throw new Error('the partition has no leader');
      await killJvm(story, leader);
      killed.push({ broker: leader, isr });
    }
    findings.check(`${kills} leaders in a row were killed`, killed.length === kills, killed);
    await service.untilSettled(3);
    const synced = await untilPartitions(addressesOf(bootstrap), areInSync, 300);
    findings.check('all replicas are in sync again', synced !== undefined, synced?.length ?? 'not');
  },
};

function isChased(seen: { readonly topic: string; readonly partition: number }): boolean {
  return seen.topic === partition.topic && seen.partition === partition.number;
}
