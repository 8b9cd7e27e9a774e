import { folderOf, type KafkaFolder, type KafkaWorld, type NodeProcess, type Quorum } from './state.ts';

/**
 * What the start command does before it starts Kafka: check meta.properties or format, and the guard against the crash
 * loop. Answers the exit code of a container that goes no further.
 */
export function formatFolder(world: KafkaWorld, process: NodeProcess): number | undefined {
  const { configuration, disk, run } = process;
  const { folder } = disk;
  if (folder === undefined) return format(world, process);
  const isOwn =
    folder.clusterId === configuration.clusterId && String(folder.nodeId) === run.environment['WARDEN_NODE_ID'];
  if (!isOwn) return 64;
  if (folder.nodeId !== configuration.nodeId) return 1;
  if (folder.metadataOffset === 0 && folder.hasQuorumState) {
    // Without the guard: "Expected to be Follower, but the current state is UnattachedState", each time.
    if (!run.command.some((part) => part.includes('rm "$quorum/quorum-state"'))) return 1;
    folder.hasQuorumState = false;
  }
  return isOustedFounder(world, folder) ? 1 : undefined;
}

function format(world: KafkaWorld, process: NodeProcess): number | undefined {
  const { configuration, disk } = process;
  if (configuration.format === 'never') return 65;
  const isFounder = configuration.format === '--standalone';
  if (isFounder ? !configuration.isController : configuration.format !== '--no-initial-controllers') return 1;
  const folder: KafkaFolder = {
    clusterId: configuration.clusterId,
    nodeId: configuration.nodeId,
    directoryId: newDirectoryId(world),
    metadataOffset: 0,
    hasQuorumState: false,
    logs: new Map(),
  };
  disk.folder = folder;
  if (!isFounder) return undefined;
  folder.quorum = form(world, process);
  folder.metadataOffset = 1;
  return isOustedFounder(world, folder) ? 1 : undefined;
}

/** Kafka's form of a directory id: 16 bytes in base64url. */
function newDirectoryId(world: KafkaWorld): string {
  const bytes = Array.from({ length: 16 }, () => world.random.below(256));
  return Buffer.from(bytes).toString('base64url');
}

function form(world: KafkaWorld, process: NodeProcess): Quorum {
  const { configuration, disk } = process;
  const { clusterId, nodeId, controllerListener } = configuration;
  const folder = folderOf(process);
  const earlier = world.quorums.get(clusterId) ?? [];
  const living = earlier.find((quorum) => isInUse(world, quorum));
  if (living !== undefined) {
    world.violations.push({
      rule: 'a-quorum-is-formed-once',
      story: `node ${nodeId} was formatted --standalone (${process.run.taskArn}) although cluster ${clusterId} was formed on ${living.founderVolumeId}`,
    });
  }
  const voter = {
    id: nodeId,
    directoryId: folder.directoryId,
    listenerName: controllerListener?.name ?? '',
    host: controllerListener?.advertisedHost ?? '',
    port: controllerListener?.port ?? 0,
  };
  const quorum: Quorum = {
    ...{ clusterId, founder: folder, founderVolumeId: disk.volumeId, members: new Set([folder.directoryId]) },
    ...{ voters: new Map([[nodeId, voter]]), leaderEpoch: 0, end: 1, lastNumber: 0, minIsr: configuration.minIsr },
    ...{ image: { registrations: new Map(), partitions: new Map() }, past: [], records: new Map() },
    ...{ silentSince: new Map(), departed: new Map(), catchingUp: new Set() },
  };
  world.quorums.set(clusterId, [...earlier, quorum]);
  return quorum;
}

/** Nobody misses a quorum whose only member lost its disk before anybody joined. */
function isInUse(world: KafkaWorld, quorum: Quorum): boolean {
  return quorum.members.size > 1 || world.disks.has(quorum.founderVolumeId);
}

/** While the earlier quorum lives its leader reaches the second founder, which dies of a truncation below its high watermark. */
function isOustedFounder(world: KafkaWorld, folder: KafkaFolder): boolean {
  if (folder.quorum?.founder !== folder) return false;
  const others = (world.quorums.get(folder.clusterId) ?? []).filter((quorum) => quorum !== folder.quorum);
  return others.some(({ leader, voters }) => leader !== undefined && voters.has(folder.nodeId));
}
