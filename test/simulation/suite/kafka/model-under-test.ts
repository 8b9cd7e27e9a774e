import { gzipSync } from 'node:zlib';
import { startCommand } from '../../../../lib/model/broker/start-command.ts';
import type { ContainerRun, RunningContainer } from '../../contract.ts';
import { createRandom } from '../../kernel/random.ts';
import { createTimeline } from '../../kernel/timeline.ts';
import { createKafkaModel } from '../../models/kafka/index.ts';
import type { KafkaUnderTest, NodeKind } from './kafka-under-test.ts';

const lookEveryMs = 50;
/** Longer than anything takes in the suite, in virtual time. */
const longestMs = 600_000;

export interface ModelUnderTest extends KafkaUnderTest {
  readonly model: ReturnType<typeof createKafkaModel>;
  /** How the containers that ended by themselves ended. */
  readonly exits: ReadonlyMap<string, number>;
  /** Starts a container without waiting for anything; answers its task's ARN. */
  launch(id: number, more?: LaunchOptions): string;
  /** A container of a node's host that is not started yet. */
  containerOf(id: number, environment: Readonly<Record<string, string>>): ContainerRun;
  /** What is yet to happen to a node. */
  pendingOf(id: number): readonly string[];
  pass(delayMs: number): Promise<void>;
}

interface LaunchOptions {
  readonly properties?: Properties;
  readonly command?: readonly string[];
  readonly volumeId?: string;
  /** Of another host than that of before. */
  readonly address?: string;
}

export type Properties = Readonly<Record<string, string | number>>;

export interface ModelOptions {
  readonly seed: string;
  /** server.properties of a node beyond those that every node has. */
  readonly propertiesOf: (id: number, host: string) => Properties;
}

/** The model as a cluster: each node on a host of its own, at an address of its own. */
export function createModelUnderTest({ seed, propertiesOf }: ModelOptions): ModelUnderTest {
  const clock = createTimeline();
  const model = createKafkaModel({ clock, random: createRandom(seed) });
  const clusterId = 'MkU3OEVBNTcwNTJENDM2Qg';
  const disks = new Map<number, { readonly volumeId: string; readonly kind: NodeKind }>();
  const running = new Map<number, { readonly taskArn: string; readonly container: RunningContainer }>();
  const exits = new Map<string, number>();
  let count = 0;
  let acknowledgedBefore = 0;

  const hostOf = (id: number) => ({
    instanceId: `i-${id}`,
    containerInstanceArn: `arn:host/${id}`,
    zone: 'a',
    address: `10.0.${id >= 1000 ? 1 : 0}.${id % 1000}`,
    cpuUnits: 4096,
    memoryMiB: 8192,
  });
  const addressOf = (id: number) => ({ host: hostOf(id).address, port: 9092 });
  const runOf = (id: number, environment: Readonly<Record<string, string>>): ContainerRun => {
    const taskArn = `arn:task/${id}/${++count}`;
    const volumeId = disks.get(id)?.volumeId;
    return {
      ...{ taskArn, startedBy: `warden/kafka/${id}/node/${count}`, host: hostOf(id), image: 'apache/kafka:4.3.1' },
      ...{ command: [startCommand], environment },
      ...(volumeId === undefined || environment['WARDEN_DEVICE'] !== undefined ? {} : { volumeId }),
      attachedVolumes: () => [...disks.values()].map((disk) => disk.volumeId),
      exited: (exitCode) => exits.set(taskArn, exitCode),
    };
  };
  const launch: ModelUnderTest['launch'] = (id, more = {}) => {
    const { address = hostOf(id).address } = more;
    const properties = { ...propertiesOf(id, address), ...more.properties };
    const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`);
    const kind = disks.get(id)?.kind === 'standalone' ? '--standalone' : '--no-initial-controllers';
    const own = runOf(id, {
      WARDEN_PROPERTIES: gzipSync(lines.join('')).toString('base64'),
      WARDEN_CLUSTER_ID: clusterId,
      WARDEN_NODE_ID: String(id),
      WARDEN_FORMAT: kind,
    });
    const { command = own.command, volumeId = own.volumeId } = more;
    const host = { ...own.host, address };
    const run = { ...own, host, command, ...(volumeId === undefined ? {} : { volumeId }) };
    running.set(id, { taskArn: run.taskArn, container: model.programs.start(run) });
    return run.taskArn;
  };
  const until: KafkaUnderTest['until'] = async (look, satisfies) => {
    const limit = clock.now() + longestMs;
    while (clock.now() < limit) {
      const value = await look();
      if (satisfies(value)) return value;
      await clock.pass(lookEveryMs);
    }
    throw new Error(`not within ${longestMs} ms of virtual time`);
  };
  const runningOf = (id: number) => {
    const found = running.get(id);
    if (found === undefined) throw new Error(`node ${id} was never started`);
    return found;
  };
  return {
    containerOf: runOf,
    pendingOf: (id) => clock.pending().flatMap(({ what }) => (what.startsWith(`node ${id}: `) ? [what] : [])),
    ...{ model, admin: model.admin, clusterId, exits, launch, until, addressOf },
    ...{ sessionTimeoutMs: 6000, heartbeatMs: 500 },
    now: () => clock.now(),
    pass: (delayMs) => clock.pass(delayMs),
    directoryOf: (id) => model.directoryOf(disks.get(id)?.volumeId ?? '') ?? 'not formatted',
    async createDisk(id, kind) {
      const old = disks.get(id);
      if (old !== undefined) model.destroyDisk(old.volumeId);
      const volumeId = `vol-${id}-${++count}`;
      model.createDisk(volumeId);
      disks.set(id, { volumeId, kind });
      const serial = volumeId.replace('-', '');
      const device = `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${serial}`;
      const preparation = runOf(id, { WARDEN_DEVICE: device, WARDEN_SERIAL: serial, WARDEN_MAY_FORMAT: 'yes' });
      model.programs.start(preparation);
      await until(
        async () => exits.get(preparation.taskArn),
        (exitCode) => exitCode === 0,
      );
    },
    async start(id) {
      launch(id);
      await until(
        () => model.admin.apiAnswers(addressOf(id)),
        ({ type }) => type === 'answers',
      );
    },
    async stop(id) {
      const { taskArn, container } = runningOf(id);
      container.terminate();
      await until(
        async () => exits.get(taskArn),
        (exitCode) => exitCode === 143,
      );
    },
    async kill(id) {
      runningOf(id).container.kill();
    },
    async createTopic(name, partitions) {
      await until(
        async () => model.createTopic(clusterId, { name, partitions }),
        (isCreated) => isCreated,
      );
    },
    async produce() {
      model.produce(clusterId);
      const { acknowledged, partitions } = model.view(clusterId);
      const now = acknowledged - acknowledgedBefore;
      acknowledgedBefore = acknowledged;
      return { acknowledged: now, refused: partitions.length - now };
    },
    lost: async () => model.view(clusterId).lost,
    end: async () => undefined,
  };
}
