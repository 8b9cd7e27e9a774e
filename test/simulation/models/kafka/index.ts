import { strict as assert } from 'node:assert';
import type { KafkaModel, Random, SimulatedClock } from '../../contract.ts';
import { createModelAdmin } from './admin.ts';
import { createDynamicConfigs } from './dynamic-configs.ts';
import { createNodes } from './nodes.ts';
import { startPreparation } from './preparation.ts';
import { appendToAll } from './records.ts';
import { type Disk, type KafkaWorld, newestQuorum } from './state.ts';
import { createTopic, electUnclean } from './topics.ts';
import { viewOf } from './view.ts';

export interface KafkaModelOptions {
  readonly clock: SimulatedClock;
  readonly random: Random;
}

export interface ModelOfKafka extends KafkaModel {
  /** Kafka's directory id on a disk; undefined before it was formatted. */
  directoryOf(volumeId: string): string | undefined;
}

/**
 * Kafka 4.3.1 with eligible leader replicas, the disks beneath it, and the two programs that Warden's containers run.
 * Small and synchronous inside; what takes time is scheduled on the clock. It passes one suite with real brokers,
 * test/simulation/suite/kafka.
 *
 * Rules of its violations: `acknowledged-records-are-kept`, `a-quorum-is-formed-once`,
 * `only-a-stopped-broker-is-unregistered`, `one-node-works-on-a-disk`,
 * `one-preparation-works-on-a-disk`.
 */
export function createKafkaModel({ clock, random }: KafkaModelOptions): ModelOfKafka {
  const world: KafkaWorld = {
    ...{ clock, random: random.fork('kafka') },
    ...{ disks: new Map(), processes: new Set(), preparations: new Map(), quorums: new Map(), violations: [] },
  };
  const copies = new Map<string, DiskContent>();
  const nodes = createNodes(world);
  const configs = createDynamicConfigs(world);
  return {
    admin: createModelAdmin(world, nodes, configs),
    programs: {
      start: (run) =>
        run.environment['WARDEN_DEVICE'] === undefined ? nodes.start(run) : startPreparation(world, run),
    },
    createDisk(volumeId, copy) {
      assert(!world.disks.has(volumeId), `disk ${volumeId} exists already`);
      const kept = copy === undefined ? { hasFileSystem: false } : copies.get(copy);
      assert(kept !== undefined, `there is no copy ${copy}`);
      world.disks.set(volumeId, { volumeId, ...contentOf(kept) });
    },
    copyDisk(volumeId, copy) {
      const disk = world.disks.get(volumeId);
      assert(disk !== undefined, `disk ${volumeId} does not exist`);
      copies.set(copy, contentOf(disk));
    },
    destroyDisk(volumeId) {
      const disk = world.disks.get(volumeId);
      assert(disk !== undefined, `disk ${volumeId} does not exist`);
      world.disks.delete(volumeId);
      nodes.failDisk(disk);
    },
    produce(clusterId) {
      const quorum = newestQuorum(world, clusterId);
      if (quorum !== undefined) appendToAll(quorum);
    },
    createTopic(clusterId, topic) {
      const quorum = newestQuorum(world, clusterId);
      return quorum !== undefined && createTopic(world, quorum, topic);
    },
    electUncleanLeaders(clusterId) {
      const quorum = newestQuorum(world, clusterId);
      if (quorum !== undefined) electUnclean(world, quorum);
    },
    directoryOf: (volumeId) => world.disks.get(volumeId)?.folder?.directoryId,
    violations: () => world.violations,
    view: (clusterId) => viewOf(world, clusterId),
    configs: (clusterId) => configs.running(clusterId),
    setOverride: (clusterId, override) => configs.setByHand(clusterId, override),
  };
}

type DiskContent = Pick<Disk, 'hasFileSystem' | 'folder'>;

/** As a process that dies at this moment leaves it. */
function contentOf({ hasFileSystem, folder }: DiskContent): DiskContent {
  if (folder === undefined) return { hasFileSystem };
  const logs = new Map([...folder.logs].map(([partition, log]): [string, number[]] => [partition, [...log]]));
  return { hasFileSystem, folder: { ...folder, logs } };
}
