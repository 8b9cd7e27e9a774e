import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The kernel refuses longer names of Unix sockets (104 bytes on macOS, 108 on Linux). */
const LONGEST_SOCKET_NAME = 100;

/** Everything that one host keeps: its record, its agent's state, its tasks and its file system (`root`). */
export function hostFolder(dataFolder: string, instanceId: string): string {
  return join(dataFolder, 'hosts', instanceId);
}

/** What a process in the host's own mount namespace sees as `/`. */
export function hostRoot(dataFolder: string, instanceId: string): string {
  return join(hostFolder(dataFolder, instanceId), 'root');
}

/** A volume: `filesystem` (its type; absent while blank), `data` (its files) and `mounts` (one file per mount). */
export function volumeFolder(dataFolder: string, volumeId: string): string {
  return join(dataFolder, 'volumes', volumeId);
}

/** What a snapshot has kept of a volume: its `filesystem`, `data` and whether it was `dirty`. */
export function snapshotFolder(dataFolder: string, snapshotId: string): string {
  return join(dataFolder, 'snapshots', snapshotId);
}

/** Where udev puts the link to an attached EBS volume on a Nitro host, as a path of that host. */
export function devicePath(volumeId: string): string {
  return `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volumeId.replace('-', '')}`;
}

/** The private socket on which the cloud hears its agents. */
export function agentSocketFile(dataFolder: string): string {
  const file = join(dataFolder, 'hosts', 'agents.sock');
  if (Buffer.byteLength(file) <= LONGEST_SOCKET_NAME) return file;
  return join(tmpdir(), `agents-${createHash('sha256').update(file).digest('hex').slice(0, 16)}.sock`);
}
