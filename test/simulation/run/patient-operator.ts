import { discard, resume } from '../commands/nodes.ts';
import { resumeService, sleeper } from '../commands/sleep.ts';
import { restartStep, sayContinue } from '../commands/steering.ts';
import { fatalOptions, harmlessOptions, patch } from '../commands/updates.ts';
import { isThere } from '../commands/volumes.ts';
import { createHost } from '../world.ts';
import { isPaused, isToBeReplaced, nodeWishes, type PlacedItem, placedItem, triesAreUsedUp } from './node-words.ts';
import { openSteps, planOf, steeringOf } from './plans.ts';
import type { Scene } from './scene.ts';
import { wantedServices } from './services.ts';

const lookEveryMs = 5 * 60_000;
/** First nobody says anything: what waits for an operator waits, and does nothing. */
const firstLookMs = 8 * 60_000;

/**
 * From now on somebody looks after every plan: resumes services that hibernate, but for the one that sleeps on, and nodes that
 * are paused without end or were given up after too many failures, takes empty volumes back that nodes do not get, has
 * replicas lead that Kafka does not trust when it waits for a lost disk alone, takes options back that no broker boots with, brings a
 * host for a node that is to move and for one that never had any, has steps done again that were forced, and says continue
 * until the plan is complete.
 */
export function sendPatientOperator(scene: Scene): void {
  const { world } = scene;
  const failed = (error: unknown): void => {
    world.violations.push({ rule: 'the simulation runs', story: String(error) });
  };
  const look = (): void => {
    if (world.violations.length > 0) return;
    for (const { name, leaves, hibernates } of wantedServices(world)) {
      if (leaves || (hibernates && name === sleeper)) continue;
      if (hibernates) {
        resumeService(scene, name).catch(failed);
        continue;
      }
      lookAfter(scene, name).catch(failed);
    }
    world.clock.after(lookEveryMs, 'an operator looks after plans', look);
  };
  world.clock.after(firstLookMs, 'an operator looks after plans', look);
}

async function lookAfter(scene: Scene, name: string): Promise<void> {
  const { world } = scene;
  for (const wish of nodeWishes(world, name)) {
    if (isPaused(wish, world.clock.now()) && wish.pause?.until === undefined) await resume(scene, name, wish.nodeId);
    // What only that node has is not copied by waiting. What was lost with a disk is nowhere.
    const placed = placedItem(world, wish);
    const waits = wish.replace?.volume === 'discard' && isToBeReplaced(wish, placed) && !isLost(scene, placed);
    if (waits && !isPaused(wish, world.clock.now())) await resume(scene, name, wish.nodeId);
    if (wish.replace?.volume === 'keep' && isToBeReplaced(wish, placed)) bringHost(scene, placed);
  }
  if (waitsForFirstHost(scene, name)) bringOneMore(scene);
  for (const nodeId of downForGood(scene, name)) await resume(scene, name, nodeId);
  for (const nodeId of withoutVolume(scene, name)) await discard(scene, name, nodeId);
  if (refusedForGood(scene, name).length > 0) electUnclean(scene, name);
  const plan = planOf(world, name);
  if (plan === undefined) return;
  if (isFatal(scene, name)) {
    await patch(scene, name, { options: harmlessOptions });
    return;
  }
  const forced = steeringOf(world, plan)?.forced ?? [];
  for (const phase of plan.phases) {
    for (const step of phase.steps.filter(({ id }) => forced.includes(id)))
      await restartStep(scene, name, { phase: phase.id, step: step.id });
  }
  if (openSteps(world, plan).length === 0) return;
  // A plan that has more to do than its interrupted phases takes no word for all of them.
  for (const phase of steeringOf(world, plan)?.interruptedPhases ?? []) await sayContinue(scene, name, phase);
  await sayContinue(scene, name);
}

/** A node that is to move with its volume waits until its zone has another host with room: that is what it asks for. */
function bringHost({ world }: Scene, { host }: PlacedItem): void {
  const another = [500, 501, 502].map((index) => createHost(index)).find(({ zone }) => zone === host?.zone);
  if (another === undefined || world.aws.isTerminated(another.instanceId)) return;
  if (world.aws.hosts().some(({ instanceId }) => instanceId === another.instanceId)) return;
  world.story.tell(`${another.instanceId} is brought, because a node is to leave ${host?.instanceId}`);
  world.aws.addHost(another);
}

/** Each broker of a service needs a host of its own, and those that were drained take none. */
function waitsForFirstHost({ world }: Scene, service: string): boolean {
  return world.aws.items().some(({ pk, sk, reason, nodeId }) => {
    if (pk !== `SERVICE#${service}` || !String(sk).startsWith('WAIT#')) return false;
    return (
      Object(reason).type === 'capacity' && placedItem(world, { service, nodeId: Number(nodeId) }).host === undefined
    );
  });
}

const mostMore = 12;

function bringOneMore({ world }: Scene): void {
  const there = world.aws.hosts().map(({ instanceId }) => instanceId);
  const hosts = Array.from({ length: mostMore }, (_, index) => createHost(520 + index));
  const another = hosts.find(({ instanceId }) => !there.includes(instanceId) && !world.aws.isTerminated(instanceId));
  if (another === undefined) return;
  world.story.tell(`${another.instanceId} is brought, because a node waits for its first host`);
  world.aws.addHost(another);
}

/** Nodes that do not run and that nobody starts by himself any more. */
function downForGood(scene: Scene, service: string): readonly number[] {
  const runs = [...scene.world.containers.values()].map(({ startedBy }) => startedBy);
  return nodeIdsOf(scene, service).filter(
    (nodeId) =>
      triesAreUsedUp(placedItem(scene.world, { service, nodeId })) &&
      !runs.some((startedBy) => startedBy.startsWith(`warden/${service}/${nodeId}/node/`)),
  );
}

/** Nodes whose disk has failed for good, and for which nobody has asked for another one. */
function withoutVolume(scene: Scene, service: string): readonly number[] {
  const wishes = nodeWishes(scene.world, service);
  return nodeIdsOf(scene, service).filter((nodeId) => {
    const placed = placedItem(scene.world, { service, nodeId });
    const wish = wishes.find((candidate) => candidate.nodeId === nodeId);
    const isAsked = wish !== undefined && wish.replace?.volume !== 'keep' && isToBeReplaced(wish, placed);
    return isLost(scene, placed) && !isAsked;
  });
}

function clusterIdOf(world: Scene['world'], service: string): string {
  return wantedServices(world).find(({ name }) => name === service)?.clusterId ?? '';
}

function electUnclean({ world }: Scene, service: string): void {
  world.story.tell(`somebody has the best copies that are left lead what nobody leads in ${service}`);
  world.kafka.electUncleanLeaders(clusterIdOf(world, service));
}

/**
 * Nodes whose disk has failed for good and that are told to wait for replicas that never come: all others of these partitions
 * serve, and Kafka has none of them lead. It has seen them end uncleanly, and would trust only what the lost disk had.
 */
function refusedForGood(scene: Scene, service: string): readonly number[] {
  const { world } = scene;
  const { brokers, partitions } = world.kafka.view(clusterIdOf(world, service));
  const serves = (id: number): boolean =>
    brokers.some((broker) => broker.id === id && !broker.fenced && world.containers.has(broker.taskArn));
  return nodeIdsOf(scene, service).filter((nodeId) => {
    const named = lastReplicasOf(scene, service, nodeId);
    const concerned = partitions.filter(({ name }) => named.includes(name));
    const waitsInVain = concerned.every(
      ({ leader, replicas }) => leader === null && replicas.every((id) => id === nodeId || serves(id)),
    );
    return concerned.length > 0 && waitsInVain && isLost(scene, placedItem(world, { service, nodeId }));
  });
}

/** The partitions for which a node must not have an empty volume, by what its step says that it waits for. */
function lastReplicasOf({ world }: Scene, service: string, nodeId: number): readonly string[] {
  return world.aws.items().flatMap((item) => {
    if (item['pk'] !== `SERVICE#${service}` || item['nodeId'] !== nodeId) return [];
    const { type, refusal = {} }: { type?: string; refusal?: { type?: string; partitions?: readonly string[] } } =
      Object(item['reason']);
    return type === 'discard' && refusal.type === 'last replicas' ? (refusal.partitions ?? []) : [];
  });
}

function isLost({ world }: Scene, { volume }: PlacedItem): boolean {
  return volume?.id !== undefined && !isThere(world, volume.id);
}

function nodeIdsOf({ world }: Scene, service: string): readonly number[] {
  const wanted = wantedServices(world).find(({ name }) => name === service);
  return [...new Set([...(wanted?.brokerIds ?? []), ...(wanted?.controllerIds ?? [])])];
}

function isFatal({ world }: Scene, name: string): boolean {
  const configId = wantedServices(world).find((service) => service.name === name)?.configId;
  const config = world.aws.items().find(({ pk, sk }) => pk === `CONFIG#${name}` && sk === configId);
  const { kafka }: { kafka?: Record<string, unknown> } = Object(config?.['options']);
  return Object.entries(fatalOptions['kafka'] ?? {}).every(([option, value]) => kafka?.[option] === value);
}
