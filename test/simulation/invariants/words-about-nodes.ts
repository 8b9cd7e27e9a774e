import { isPaused, type NodeWishItem, nodeWishes } from '../run/node-words.ts';
import { wantedServices } from '../run/services.ts';
import type { Watch } from './invariant.ts';
import { keyOf, type WrittenItem, writtenBy } from './written-items.ts';

/** As long as a function may run, and two clocks are apart: what it looked at may be so old. */
const lookedMs = 17_000;

interface Launch {
  readonly requestedAt: number;
  readonly taskArn?: string;
  readonly restartsAnswered?: number;
}

/**
 * What an operator says of one node is done: a restart by one start after the word and none more, and while the node is
 * down by a pause nobody starts it.
 */
export const wordsAboutNodesAreDone: Watch = ({ onServed, aws, clock }) => {
  const wishes = new Map<string, { readonly item: NodeWishItem; readonly at: number }>();
  const leases = new Map<string, { readonly item: WrittenItem; readonly at: number }>();
  /** By task: how many restarts its start has answered. */
  const answered = new Map<string, number>();
  const broken: string[] = [];
  const nodeOf = (item: WrittenItem) => `${String(item['service'])}/${String(item['nodeId'])}`;
  onServed((call) => {
    const { put, deleted } = writtenBy(call);
    for (const { pk, sk } of deleted) {
      if (sk !== 'TARGET') continue;
      const service = `${String(pk).slice('SERVICE#'.length)}/`;
      for (const known of [wishes, leases]) {
        for (const node of known.keys()) if (node.startsWith(service)) known.delete(node);
      }
    }
    for (const item of put) {
      const object: object = item;
      const at = clock.now();
      if (String(item['sk']).startsWith('NODE-WISH#')) wishes.set(nodeOf(item), { item: object as NodeWishItem, at });
      if (/LEASE#/.test(keyOf(item))) leases.set(nodeOf(item), { item, at });
      const { taskArn, restartsAnswered }: Partial<Launch> = Object(item['launch']);
      if (taskArn !== undefined) answered.set(taskArn, restartsAnswered ?? 0);
    }
    if (call.service !== 'ecs') return;
    if (call.operation === 'StopTask') {
      const { kind, service, nodeId }: { kind?: string; service?: string; nodeId?: number } = Object(
        call.invocation.event,
      );
      const times = wishes.get(`${service}/${nodeId}`)?.item.restart?.times ?? 0;
      const done = answered.get(String(call.input['task'])) ?? 0;
      if (kind === 'restart' && done >= times) broken.push(`${service}/${nodeId} was stopped for word ${times} again`);
    }
    if (call.operation !== 'RunTask') return;
    const [, service, nodeId] = /^warden\/([^/]+)\/(\d+)\/node\//.exec(String(call.input['startedBy'])) ?? [];
    const wish = wishes.get(`${service}/${nodeId}`);
    const lease = leases.get(`${service}/${nodeId}`);
    const from = clock.now() - lookedMs;
    if (wish === undefined || lease === undefined || wish.at > from || lease.at > from) return;
    if (lease.item['kind'] !== 'pause' || lease.item['released'] === true || !isPaused(wish.item, clock.now())) return;
    broken.push(`${String(call.input['startedBy'])} was started although it is paused`);
  });
  return {
    rule: 'what an operator says of one node is done',
    afterStep: () => broken[0],
    atRest() {
      for (const { name, leaves, hibernates } of wantedServices({ aws })) {
        if (leaves || hibernates) continue;
        for (const { nodeId, restart } of nodeWishes({ aws }, name)) {
          const goal = aws.items().find(({ pk, sk }) => pk === `SERVICE#${name}` && sk === `GOAL#${nodeId}`);
          const { restartsAnswered = 0, requestedAt = 0 }: Partial<Launch> = Object(goal?.['launch']);
          if (restart === undefined) continue;
          const isAnswered = restartsAnswered >= restart.times && requestedAt >= restart.requestedAt - 2_000;
          if (!isAnswered) return `restart ${restart.times} of node ${nodeId} of ${name} was not done`;
        }
      }
      return undefined;
    },
  };
};
