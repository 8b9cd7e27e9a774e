import type { TaskSight } from '../models/aws/views.ts';
import type { World } from '../world.ts';
import { endedWithItsHost } from './a-registration-is-released-only-after-a-proven-stop.ts';
import type { Watch } from './invariant.ts';
import type { ConfigItem } from './stored-plans.ts';
import { keyOf, writtenBy } from './written-items.ts';

/** Seconds before the next start after so many failures in a row, by delay and longest delay of the options. Source: mesos/kafka guide. */
const delaysSeconds: Readonly<Record<string, readonly number[]>> = {
  '10s 60s': [0, 10, 20, 40, 60],
  '5s 5s': [0, 5],
  '2s 1m': [0, 2, 4, 8, 16, 32, 60],
  '20s 2m': [0, 20, 40, 80, 120],
};
/** How far two clocks of functions are apart at most, and what a start allows for that. */
const toleranceMs = 2_000;

/** A node that fails again and again must not burn its host, and is given up where its config says so. Told by what ECS shows, without the product's count. */
export const theFailoverDelayDoubles: Watch = ({ onServed, aws, clock }) => {
  /** Since when failures count: the node was in sync, was started with another config, or its service is a new one. */
  const countedSince = new Map<string, number>();
  const launchedWith = new Map<string, string>();
  /** The config that a node has, as its goal says. */
  const has = new Map<string, string>();
  const configs = new Map<string, ConfigItem>();
  /** Nodes that are about to be started with a config that they did not have: that has not failed yet. */
  const fresh = new Set<string>();
  /** Nodes that are about to be started with another config than the last time: what failed until then counts no more. */
  const changing = new Set<string>();
  /** Nodes that an operator wants started since their last start: he does not wait. */
  const asked = new Set<string>();
  const answered = new Map<string, number>();
  /** By node: how many replacements it has answered, and up to which attempt an operator has forgiven what failed. */
  const begunAnew = new Map<string, number>();
  const broken: string[] = [];
  onServed((call) => {
    const { put, deleted } = writtenBy(call);
    // A node of the next service of the name begins anew.
    for (const { pk, sk } of deleted) {
      if (sk !== 'TARGET') continue;
      const nodes = ` warden/${String(pk).slice('SERVICE#'.length)}/`;
      for (const known of begunAnew.keys()) if (known.includes(nodes)) begunAnew.delete(known);
    }
    for (const item of put) {
      const service = String(item['service']);
      if (keyOf(item).startsWith('CONFIG#')) configs.set(String(item['sk']), item as unknown as ConfigItem);
      if (item['sk'] === 'TARGET') {
        for (const node of countedSince.keys()) if (node.startsWith(`warden/${service}/`)) countedSince.delete(node);
        countedSince.set(`warden/${service}/`, clock.now());
      }
      const [, nodeId] = /LEASE#(\d+)$/.exec(keyOf(item)) ?? [];
      if (nodeId !== undefined && item['released'] === true) {
        countedSince.set(`warden/${service}/${nodeId}/node/`, clock.now());
      }
      const node = `warden/${service}/${String(item['nodeId'])}/node/`;
      const { replaced, reactivation }: { replaced?: number; reactivation?: { attempt: number } } = Object(item);
      for (const [what, number] of [['replaced', replaced] as const, ['forgiven', reactivation?.attempt] as const]) {
        if (number === undefined || number === begunAnew.get(`${what} ${node}`)) continue;
        begunAnew.set(`${what} ${node}`, number);
        countedSince.set(node, clock.now());
      }
      const { configId, restartsAnswered = 0 }: { configId?: string; restartsAnswered?: number } = Object(
        item['launch'],
      );
      const before = has.get(node);
      if (item['failures'] !== undefined) has.set(node, String(item['configId']));
      if (restartsAnswered > (answered.get(node) ?? 0)) asked.add(node);
      if (configId !== undefined) answered.set(node, restartsAnswered);
      if (configId === undefined || configId === launchedWith.get(node)) continue;
      if (launchedWith.has(node)) changing.add(node);
      if (before !== configId) fresh.add(node);
      launchedWith.set(node, configId);
    }
    if (call.service !== 'ecs' || call.operation !== 'RunTask') return;
    const [, node, service] = /^(warden\/([^/]+)\/\d+\/node\/)/.exec(String(call.input['startedBy'])) ?? [];
    if (node === undefined) return;
    const isFresh = fresh.delete(node);
    const isFirstOfConfig = changing.delete(node);
    const since = countedSince.get(node) ?? countedSince.get(`warden/${service}/`) ?? 0;
    if (isFirstOfConfig) countedSince.set(node, clock.now());
    if (asked.delete(node)) return;
    const ended = aws.tasks().filter((task) => task.startedBy?.startsWith(node) && isEnd(task, since));
    const last = ended.toSorted((left, right) => (left.stoppedAt ?? 0) - (right.stoppedAt ?? 0)).at(-1);
    // What ended with its host did not fail, whatever its exit code.
    const isItsFailure = (task: TaskSight) =>
      isFailure(task) && (!endedWithItsHost(task, aws) || endedBefore(task, aws));
    // A request that is sent again starts nothing.
    if (isFresh || last === undefined || !isItsFailure(last) || last.startedBy === call.input['startedBy']) return;
    const failures = ended.filter(isItsFailure).length;
    const waitedMs = clock.now() - (last.stoppedAt ?? 0);
    const section = sectionOf(configs.get(has.get(node) ?? ''), node);
    if (!isNew(call.output, clock.now())) return;
    const startedBy = String(call.input['startedBy']);
    if (waitedMs < secondsAfter(failures, section) * 1000 - toleranceMs)
      broken.push(`${startedBy} was started ${waitedMs} ms after failure ${failures} in a row`);
    if (failures > (section?.failover_max_tries ?? Number.POSITIVE_INFINITY))
      broken.push(`${startedBy} was started after failure ${failures} in a row`);
  });
  return { rule: 'I17: the failover delay doubles to its maximum', afterStep: () => broken[0] };
};

type Section = ConfigItem['options']['brokers'];

/** As the config of the node spells its settings. */
function sectionOf(config: ConfigItem | undefined, node: string): Section | undefined {
  return Number(node.split('/')[2]) >= 1000 ? config?.options.controllers : config?.options.brokers;
}

function secondsAfter(failures: number, section: Section | undefined): number {
  const settings = `${section?.failover_delay} ${section?.failover_max_delay}`;
  const delays = delaysSeconds[settings];
  if (delays === undefined) throw new Error(`no delays are known of failover settings ${settings}`);
  return delays[failures] ?? delays.at(-1) ?? 0;
}

function isEnd({ lastStatus, stoppedAt }: TaskSight, since: number): boolean {
  return lastStatus === 'STOPPED' && stoppedAt !== undefined && stoppedAt >= since;
}

/** Its host was stopped later. */
function endedBefore({ instanceId = '', stoppedAt = 0 }: TaskSight, aws: World['aws']): boolean {
  const hostStoppedAt = aws.stoppedAt(instanceId);
  return hostStoppedAt !== undefined && stoppedAt < hostStoppedAt && !aws.isTerminated(instanceId);
}

/** SIGTERM and a stop by hand were asked for. */
function isFailure({ stopCode, exitCode }: TaskSight): boolean {
  return stopCode !== 'UserInitiated' && exitCode !== 143;
}

function isNew(output: unknown, now: number): boolean {
  const { tasks = [] }: { tasks?: readonly { readonly createdAt?: Date }[] } = Object(output);
  return tasks.some(({ createdAt }) => createdAt !== undefined && new Date(createdAt).getTime() === now);
}
