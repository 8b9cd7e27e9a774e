import type { TaskSight } from '../models/aws/views.ts';
import type { Watch } from './invariant.ts';
import { keyOf, writtenBy } from './written-items.ts';

/** Seconds before the next start after so many failures in a row. Source: mesos/kafka guide, failover settings. */
const delaysSeconds = [0, 10, 20, 40, 60];
const longestSeconds = 60;
/** How far two clocks of functions are apart at most, and what a start allows for that. */
const toleranceMs = 2_000;

/** A node that fails again and again must not burn its host. Told by what ECS shows, without the product's count. */
export const theFailoverDelayDoubles: Watch = ({ onServed, aws, clock }) => {
  /** Since when failures count: the node was in sync, was started with another config, or its service is a new one. */
  const countedSince = new Map<string, number>();
  const launchedWith = new Map<string, string>();
  /** Nodes that are about to be started with another config: the delay before that is still by what failed until then. */
  const changing = new Set<string>();
  const broken: string[] = [];
  onServed((call) => {
    for (const item of writtenBy(call).put) {
      const service = String(item['service']);
      if (item['sk'] === 'TARGET') {
        for (const node of countedSince.keys()) if (node.startsWith(`warden/${service}/`)) countedSince.delete(node);
        countedSince.set(`warden/${service}/`, clock.now());
      }
      const [, nodeId] = /LEASE#(\d+)$/.exec(keyOf(item)) ?? [];
      if (nodeId !== undefined && item['released'] === true) {
        countedSince.set(`warden/${service}/${nodeId}/node/`, clock.now());
      }
      const { configId }: { configId?: string } = Object(item['launch']);
      const launched = `warden/${service}/${String(item['nodeId'])}/node/`;
      if (configId === undefined || configId === launchedWith.get(launched)) continue;
      if (launchedWith.has(launched)) changing.add(launched);
      launchedWith.set(launched, configId);
    }
    if (call.service !== 'ecs' || call.operation !== 'RunTask') return;
    const [, node, service] = /^(warden\/([^/]+)\/\d+\/node\/)/.exec(String(call.input['startedBy'])) ?? [];
    if (node === undefined) return;
    const isFirstOfConfig = changing.delete(node);
    const since = countedSince.get(node) ?? countedSince.get(`warden/${service}/`) ?? 0;
    if (isFirstOfConfig) countedSince.set(node, clock.now());
    const ended = aws.tasks().filter((task) => task.startedBy?.startsWith(node) && isEnd(task, since));
    const last = ended.toSorted((left, right) => (left.stoppedAt ?? 0) - (right.stoppedAt ?? 0)).at(-1);
    // What ended with its host did not fail, whatever its exit code.
    const isItsFailure = (task: TaskSight) => isFailure(task) && !aws.isTerminated(task.instanceId ?? '');
    // A request that is sent again starts nothing.
    if (last === undefined || !isItsFailure(last) || last.startedBy === call.input['startedBy']) return;
    const failures = ended.filter(isItsFailure).length;
    const waitedMs = clock.now() - (last.stoppedAt ?? 0);
    const seconds = delaysSeconds[failures] ?? longestSeconds;
    if (waitedMs < seconds * 1000 - toleranceMs && isNew(call.output, clock.now())) {
      broken.push(`${String(call.input['startedBy'])} was started ${waitedMs} ms after failure ${failures} in a row`);
    }
  });
  return { rule: 'I17: the failover delay doubles to its maximum', afterStep: () => broken[0] };
};

function isEnd({ lastStatus, stoppedAt }: TaskSight, since: number): boolean {
  return lastStatus === 'STOPPED' && stoppedAt !== undefined && stoppedAt >= since;
}

/** SIGTERM and a stop by hand were asked for. */
function isFailure({ stopCode, exitCode }: TaskSight): boolean {
  return stopCode !== 'UserInitiated' && exitCode !== 143;
}

function isNew(output: unknown, now: number): boolean {
  const { tasks = [] }: { tasks?: readonly { readonly createdAt?: Date }[] } = Object(output);
  return tasks.some(({ createdAt }) => createdAt !== undefined && new Date(createdAt).getTime() === now);
}
