import { parseStartedBy } from '../../lib/model/broker/node-task.ts';
import type { FakeTask } from './fake-tasks.ts';
import type { HandClock } from './hand-clock.ts';

/** What is on the volumes, and what the programs of the containers do with it, as the real commands would. */
export interface FakeDisks {
  /** The program of a task that has just begun to run; the code that it ends with, if it does. */
  program(task: FakeTask): { readonly exitCode: number; readonly afterMs: number } | undefined;
  /** Kafka's directory id of a formatted disk. */
  directoryOf(device: string): string | undefined;
  startedAt(nodeId: number): number;
  /** The first voters of the clusters that were formed, in that order. */
  standalone(): readonly FirstVoter[];
  readonly violations: readonly string[];
  /** The next preparations end with these codes. */
  failPreparations(...exitCodes: readonly number[]): void;
}

interface FirstVoter {
  readonly clusterId: string;
  readonly nodeId: number;
  readonly directoryId: string;
}

interface Disk {
  meta?: FirstVoter;
}

/** How long Kafka's refusals take. */
const refusalMs = 200;

export function createFakeDisks(clock: HandClock, preparationMs = 900): FakeDisks {
  const disks = new Map<string, Disk>();
  const started = new Map<number, number>();
  const standalone: FirstVoter[] = [];
  const violations: string[] = [];
  const failures: number[] = [];
  let directories = 0;

  const prepare = (environment: Readonly<Record<string, string>>) => {
    const device = environment['WARDEN_DEVICE'] ?? '';
    const failure = failures.shift();
    if (failure !== undefined) return { exitCode: failure, afterMs: preparationMs };
    if (!disks.has(device) && environment['WARDEN_MAY_FORMAT'] !== 'yes') return { exitCode: 71, afterMs: refusalMs };
    if (!disks.has(device)) disks.set(device, {});
    return { exitCode: 0, afterMs: preparationMs };
  };
  const serve = (device: string, environment: Readonly<Record<string, string>>) => {
    const disk = disks.get(device);
    if (disk === undefined) return { exitCode: 32, afterMs: refusalMs };
    const nodeId = Number(environment['WARDEN_NODE_ID']);
    const clusterId = environment['WARDEN_CLUSTER_ID'] ?? '';
    started.set(nodeId, clock.clock());
    if (disk.meta !== undefined) {
      const isOwn = disk.meta.clusterId === clusterId && disk.meta.nodeId === nodeId;
      return isOwn ? undefined : { exitCode: 64, afterMs: refusalMs };
    }
    const format = environment['WARDEN_FORMAT'];
    if (format === 'never') return { exitCode: 65, afterMs: refusalMs };
    disk.meta = { clusterId, nodeId, directoryId: `directory-${++directories}` };
    if (format === '--standalone') {
      const isSecond = standalone.some((first) => first.clusterId === clusterId);
      if (isSecond) violations.push(`node ${nodeId} was formatted --standalone a second time`);
      standalone.push(disk.meta);
    }
    return undefined;
  };
  return {
    violations,
    standalone: () => standalone,
    failPreparations: (...exitCodes) => failures.push(...exitCodes),
    startedAt: (nodeId) => started.get(nodeId) ?? 0,
    directoryOf: (device) => disks.get(device)?.meta?.directoryId,
    program({ request, definition }) {
      const identity = parseStartedBy(request.startedBy);
      if (identity?.purpose === 'preparation') return prepare(request.environment);
      return serve(definition.mount?.device ?? '', request.environment);
    },
  };
}
