import { podName } from '../../../../lib/model/node.ts';
import { type Chapter, checkStarts, type Story } from '../../rolls/story.ts';
import { addressesOf, areInSync, untilPartitions } from '../leaders.ts';
import { type NodeSeen, nodesSeen, untilNextTry } from '../nodes.ts';

const onHost = [1, 1001];

/** EC2 ends a host; its Auto Scaling group brings another one in the same zone. */
export const hostTerminated: Chapter = {
  name: 'host-terminated',
  title: 'a host is terminated: its nodes move by themselves to another host of the zone with their volumes',
  run: async (story) => {
    const { cluster, service, findings } = story;
    const startedAt = Date.now();
    const before = await nodesSeen(service, onHost);
    const instanceId = before[0]?.instanceId ?? '';
    findings.check(
      'a broker and a controller are on that host',
      before.every((node) => node.instanceId === instanceId),
      before,
    );
    findings.keep('chaos', await cluster.chaos('host/terminate', { host: instanceId, skipShutdown: true }));
    for (const was of before) await checkMoved(story, was);
    await service.untilSettled(3);
    await checkNames(story);
    await checkStarts(story, startedAt, Object.fromEntries(onHost.map((nodeId) => [nodeId, 1])));
  },
};

/** Waits until the node runs again, and checks that it is on another host of its zone with the volume that it had. */
export async function checkMoved(
  { service, findings }: Pick<Story, 'service' | 'findings'>,
  was: NodeSeen,
): Promise<void> {
  const now = await untilNextTry(service, was);
  findings.check(
    `${podName(was.nodeId)} is on another host of its zone with its volume`,
    now.instanceId !== was.instanceId && now.zone === was.zone && now.volumeId === was.volumeId,
    { was: shown(was), now: shown(now) },
  );
}

/** Clients are told where the brokers are now, and find all of the data there. */
export async function checkNames({ service, findings }: Pick<Story, 'service' | 'findings'>): Promise<void> {
  const bootstrap = await service.bootstrap();
  const told = addressesOf(bootstrap).map(({ host }) => host);
  const addresses = (await nodesSeen(service, [0, 1, 2])).map(({ address }) => address);
  findings.check(
    'the endpoints are where the brokers are',
    addresses.every((address) => told.includes(address)) && told.length === addresses.length,
    { told, addresses },
  );
  const synced = await untilPartitions(addressesOf(bootstrap), areInSync, 600);
  findings.check('all replicas are in sync', synced !== undefined, synced?.length ?? 'no');
}

function shown({ attempt, instanceId, zone, volumeId, address }: NodeSeen) {
  return { attempt, instanceId, zone, volumeId, address };
}
