import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostRoot } from './host-folder.ts';

/** Who mounts: `key` names a container's task on its host, and all mounts of a key end together. */
export interface Mounter {
  readonly dataFolder: string;
  readonly instanceId: string;
  readonly key: string;
}

/** What docker's `local` driver is told. */
export interface DeviceMount {
  readonly device: string;
  readonly filesystem: string;
}

/**
 * Mounts an attached device for a task and answers the folder of its files.
 * @throws Error in the words of docker when the device is not attached, blank, or holds another file system
 */
export function mountDevice(mounter: Mounter, mount: DeviceMount): string {
  const link = join(hostRoot(mounter.dataFolder, mounter.instanceId), mount.device);
  if (!existsSync(link)) throw mountError(mount, 'no such file or directory');
  const volume = realpathSync(link);
  const type = filesystemOf(volume);
  if (type === undefined) throw mountError(mount, 'invalid argument (the device is blank)');
  if (type !== mount.filesystem) throw mountError(mount, `invalid argument (the device holds ${type})`);
  mkdirSync(join(volume, 'mounts'), { recursive: true });
  writeFileSync(join(volume, 'mounts', `${mounter.instanceId}.${mounter.key}`), mounter.key);
  writeFileSync(join(volume, 'dirty'), '');
  return join(volume, 'data');
}

/** Takes back every mount of a task; what was written is clean from here on. */
export function unmountAll(mounter: Mounter): void {
  removeMounts(
    mounter.dataFolder,
    (mount) => mount.instanceId === mounter.instanceId && mount.key === mounter.key,
    true,
  );
}

/** After a boot nothing is mounted but what those that still run hold; the rest was cut off and stays dirty. */
export function dropMounts(host: Omit<Mounter, 'key'>, liveKeys: ReadonlySet<string>): void {
  removeMounts(host.dataFolder, (mount) => mount.instanceId === host.instanceId && !liveKeys.has(mount.key), false);
}

/** Whether anything holds a volume. */
export function isMounted(volumeFolder: string): boolean {
  return listMounts(volumeFolder).length > 0;
}

function removeMounts(dataFolder: string, matches: (mount: MountName) => boolean, clean: boolean): void {
  const volumes = join(dataFolder, 'volumes');
  if (!existsSync(volumes)) return;
  for (const volume of readdirSync(volumes).map((name) => join(volumes, name))) {
    const ours = listMounts(volume).filter((name) => matches(parseName(name)));
    for (const name of ours) rmSync(join(volume, 'mounts', name), { force: true });
    if (clean && ours.length > 0 && !isMounted(volume)) rmSync(join(volume, 'dirty'), { force: true });
  }
}

interface MountName {
  readonly instanceId: string;
  readonly key: string;
}

/** `<instance>.<key>`, and a third part when a program in the container mounted it. */
function parseName(name: string): MountName {
  const [instanceId = '', key = ''] = name.split('.');
  return { instanceId, key };
}

function listMounts(volume: string): string[] {
  const folder = join(volume, 'mounts');
  return existsSync(folder) ? readdirSync(folder) : [];
}

function filesystemOf(volume: string): string | undefined {
  const file = join(volume, 'filesystem');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

function mountError(mount: DeviceMount, reason: string): Error {
  return new Error(
    `CannotCreateContainerError: Error response from daemon: failed to mount local volume: mount ${mount.device}, type ${mount.filesystem}: ${reason}`,
  );
}
