import { accessSync, constants, mkdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostFolder, hostRoot } from '../hosts/host-folder.ts';
import type { HostRecord } from '../hosts/host-record.ts';
import { mountDevice } from '../hosts/mounts.ts';
import type { ContainerOrder, TaskOrder, VolumeOrder } from '../hosts/protocol.ts';
import type { Image } from '../images/image.ts';
import type { Launch } from './container-process.ts';
import { resolverVariables } from './resolver-variables.ts';
import { type PathRule, rewritePaths } from './rewrite-paths.ts';

const SHIMS = fileURLToPath(new URL('shims', import.meta.url));

/** What a container in the host's own mount namespace may name: links of attached devices, and scratch folders. */
const HOST_PATHS = ['/dev/disk/by-id', '/run', '/tmp'];

/** The letters of bash's `ulimit` by the names that ECS uses. */
const ULIMIT_LETTERS: Readonly<Record<string, string>> = { core: 'c', memlock: 'l', nofile: 'n', nproc: 'u' };

/** A container to be launched. */
export interface ContainerPlace {
  readonly host: HostRecord;
  readonly order: TaskOrder;
  readonly container: ContainerOrder;
}

/** The task's own id, the last part of its ARN. */
export function taskIdOf(taskArn: string): string {
  return taskArn.slice(taskArn.lastIndexOf('/') + 1);
}

/** Where a task's containers keep what they write and what is known of them. */
export function taskFolder(host: HostRecord, taskArn: string): string {
  return join(hostFolder(host.dataFolder, host.instanceId), 'tasks', taskIdOf(taskArn));
}

/** Where one container of a task does. */
export function containerFolder(place: ContainerPlace): string {
  return join(taskFolder(place.host, place.order.taskArn), place.container.name);
}

/** For people and for the records of processes. */
export function titleOf(place: ContainerPlace): string {
  return `${place.host.instanceId} ${taskIdOf(place.order.taskArn)}/${place.container.name}`;
}

/**
 * Creates the container: mounts its volumes, makes its folders and turns its command into one of this machine.
 * @throws Error whose message is ECS's reason: the container cannot be created or started
 */
export function createContainer(place: ContainerPlace, image: Image): Launch {
  const { host, container } = place;
  const folder = containerFolder(place);
  for (const name of ['work', 'tmp']) mkdirSync(join(folder, name), { recursive: true });
  const mounts = container.mountPoints.map(({ volume, path }) => ({ from: path, to: openVolume(place, volume) }));
  const rules = [...image.paths, ...mounts, ...hostRules(place)];
  const environment = containerEnvironment(place, image, (text, what) => localText({ text, what, rules }));
  const command = [...container.entryPoint, ...container.command].map((text, index) =>
    localText({ text, what: `argument ${index}`, rules }),
  );
  if (command.length === 0) {
    throw new Error('CannotStartContainerError: no command specified (the local image has no command of its own)');
  }
  requireProgram(command[0] ?? '', environment['PATH'] ?? '');
  return {
    folder,
    arguments: limited(container, command),
    environment,
    dataFolder: host.dataFolder,
    title: titleOf(place),
  };
}

function hostRules({ host, container, order }: ContainerPlace): PathRule[] {
  if (!container.privileged || !order.hostPid) return [];
  const root = hostRoot(host.dataFolder, host.instanceId);
  return HOST_PATHS.map((path) => ({ from: path, to: join(root, path) }));
}

function localText(place: {
  readonly text: string;
  readonly what: string;
  readonly rules: readonly PathRule[];
}): string {
  const { text, foreign } = rewritePaths(place.text, place.rules);
  if (foreign.length === 0) return text;
  const known = place.rules.map(({ from }) => from).join(', ');
  throw new Error(
    `CannotCreateContainerError: ${place.what} names ${foreign.join(', ')}, which is neither in the image nor in a mount point. On the local cloud a container may name ${known}; use a mount point or $TMPDIR.`,
  );
}

function openVolume(place: ContainerPlace, name: string): string {
  const volume: VolumeOrder | undefined = place.order.volumes[name];
  if (volume === undefined) throw new Error(`CannotCreateContainerError: the task has no volume '${name}'`);
  const folder = volumeFolderOf(place, name, volume);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function volumeFolderOf({ host, order }: ContainerPlace, name: string, volume: VolumeOrder): string {
  switch (volume.type) {
    case 'device': {
      const mounter = { dataFolder: host.dataFolder, instanceId: host.instanceId, key: taskIdOf(order.taskArn) };
      return mountDevice(mounter, volume);
    }
    case 'host':
      return join(hostRoot(host.dataFolder, host.instanceId), volume.path);
    case 'scratch':
      return join(hostFolder(host.dataFolder, host.instanceId), 'scratch', taskIdOf(order.taskArn), name);
  }
}

type Localize = (text: string, what: string) => string;

function containerEnvironment(
  place: ContainerPlace,
  image: Image,
  localize: Localize,
): Readonly<Record<string, string>> {
  const { host, order, container } = place;
  const folder = containerFolder(place);
  const own = Object.entries({ ...image.environment, ...container.environment });
  const localized: Readonly<Record<string, string>> = Object.fromEntries(
    own.map(([name, value]) => [name, localize(value, `environment ${name}`)]),
  );
  const javaHome = process.env['JAVA_HOME'];
  return {
    PATH: [SHIMS, ...image.programs, process.env['PATH'] ?? ''].join(':'),
    ...(javaHome !== undefined && { JAVA_HOME: javaHome }),
    LANG: 'C.UTF-8',
    HOME: join(folder, 'work'),
    TMPDIR: join(folder, 'tmp'),
    HOSTNAME: `ip-${host.address.replaceAll('.', '-')}.ec2.internal`,
    ...localized,
    ...resolverVariables(host, localized['JAVA_TOOL_OPTIONS']),
    LOCAL_HOST_ROOT: hostRoot(host.dataFolder, host.instanceId),
    LOCAL_INSTANCE_ID: host.instanceId,
    LOCAL_MOUNT_KEY: taskIdOf(order.taskArn),
    ...(container.privileged && { LOCAL_PRIVILEGED: '1' }),
    ...(order.hostPid && { LOCAL_HOST_PID: '1' }),
  };
}

/** Where this machine allows less than the task asks for, the container gets what there is and says so in its log. */
function limited(container: ContainerOrder, command: readonly string[]): readonly string[] {
  if (container.ulimits.length === 0) return command;
  const lines = container.ulimits.map(({ name, soft, hard }) => {
    const letter = ULIMIT_LETTERS[name] ?? 'n';
    const warning = `echo "ulimit ${name}: this machine allows $(ulimit -H${letter}), not ${hard}" >&2`;
    return `ulimit -H${letter} ${hard} 2> /dev/null || ${warning}; ulimit -S${letter} ${soft} 2> /dev/null || ulimit -S${letter} "$(ulimit -H${letter})"`;
  });
  return ['/bin/bash', '-c', `${lines.join('\n')}\nexec "$@"`, 'limits', ...command];
}

function requireProgram(program: string, path: string): void {
  const candidates = isAbsolute(program) ? [program] : path.split(':').map((folder) => join(folder, program));
  if (candidates.some(isExecutable)) return;
  throw new Error(
    `CannotStartContainerError: Error response from daemon: exec: "${program}": executable file not found in $PATH`,
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there, or not a program: the next folder may have it.
    return false;
  }
}
