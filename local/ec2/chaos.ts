import { type Chaos, type ChaosInput, ChaosRefusal, type ChaosVerb } from '../core/chaos.ts';
import { readerOf } from '../core/read-chaos-input.ts';
import type { Cloud } from '../core/service.ts';
import { hostFolder } from '../hosts/host-folder.ts';
import { clearMark, markedSince, setMark } from '../hosts/host-marks.ts';
import { powerOf } from '../hosts/host-record.ts';
import { crashHost } from '../hosts/power.ts';
import { lossVerbs, restoreZones, showLosses } from './disk-chaos.ts';
import type { InstanceRecord } from './records.ts';
import { SPOT_NOTICE_SECONDS, type SpotNotices } from './spot-notices.ts';
import type { Ec2Store } from './store.ts';
import type { Volumes } from './volumes.ts';

interface Ports {
  readonly cloud: Cloud;
  readonly store: Ec2Store;
  readonly notices: SpotNotices;
  readonly volumes: Volumes;
}

const HOUR_SECONDS = 3600;

/** What the operator of this machine may do to hosts as machines. Marks and notices outlive a kill -9 of the cloud. */
export function createEc2Chaos(ports: Ports): Chaos {
  const { cloud, store, notices } = ports;
  const { dataFolder } = cloud;
  return {
    verbs: { ...orderVerbs(ports), ...troubleVerbs(ports), ...lossVerbs(ports) },
    show: () => [
      ...store.instances.values().flatMap((record) => showInstance(dataFolder, record)),
      ...showLosses(store),
      ...notices
        .values()
        .map(({ instanceId, dueAt }) => `${instanceId} is taken back at ${new Date(dueAt).toISOString()}`),
    ],
    calm: () => {
      notices.withdrawAll();
      restoreZones(store);
      for (const { id } of store.instances.values()) clearMark(dataFolder, id, 'impaired');
    },
  };
}

/** Calls of EC2 in the name of whoever has the machine. */
function orderVerbs({ cloud, store }: Ports): Readonly<Record<string, ChaosVerb>> {
  const order = async (id: string, operation: string, more: object = {}): Promise<void> => {
    await cloud.call('ec2', operation, { InstanceIds: [id], ...more });
  };
  const plain =
    (operation: string, done: string): ChaosVerb =>
    async (input: ChaosInput) => {
      const { id } = requireInstance(store, readerOf(input, ['host']).text('host'));
      await order(id, operation);
      return `${id} ${done}`;
    };
  const ending =
    (operation: string, done: string): ChaosVerb =>
    async (input: ChaosInput) => {
      const reader = readerOf(input, ['host', 'skipShutdown']);
      const { id } = requireInstance(store, reader.text('host'));
      const SkipOsShutdown = reader.flag('skipShutdown');
      await order(id, operation, { SkipOsShutdown });
      return `${id} ${done} ${SkipOsShutdown ? 'without a shutdown of its system' : 'after a shutdown of its system'}`;
    };
  return {
    'host/terminate': ending('TerminateInstances', 'is terminated'),
    'host/stop': ending('StopInstances', 'is stopped'),
    'host/start': plain('StartInstances', 'is started'),
    'host/reboot': plain('RebootInstances', 'is rebooted'),
  };
}

/** What befalls a machine. */
function troubleVerbs({ cloud: { dataFolder }, store, notices }: Ports): Readonly<Record<string, ChaosVerb>> {
  const requireRunning = (text: string): InstanceRecord => {
    const record = requireInstance(store, text);
    if (record.state === 'running') return record;
    throw new ChaosRefusal(`${record.id} is ${record.state}, not running`, 409);
  };
  return {
    'host/power-loss': async (input: ChaosInput) => {
      const { id } = requireRunning(readerOf(input, ['host']).text('host'));
      await crashHost(dataFolder, id);
      return `${id} has lost its power: nothing of it runs, EC2 calls it running and impaired until it is rebooted, stopped or terminated`;
    },
    'host/impair': (input: ChaosInput) => {
      const { id } = requireRunning(readerOf(input, ['host']).text('host'));
      setMark(dataFolder, id, 'impaired');
      return `The status check of ${id} fails; all of it runs on`;
    },
    'host/heal': (input: ChaosInput) => {
      const { id } = requireRunning(readerOf(input, ['host']).text('host'));
      if (markedSince(dataFolder, id, 'impaired') === undefined)
        throw new ChaosRefusal(`${id} was not impaired on purpose; a host without power comes back by a reboot`, 409);
      clearMark(dataFolder, id, 'impaired');
      return `The status check of ${id} passes`;
    },
    'host/spot-notice': (input: ChaosInput) => {
      const reader = readerOf(input, ['host', 'seconds']);
      const record = requireRunning(reader.text('host'));
      const seconds = reader.optionalNumber('seconds', { min: 0.1, max: HOUR_SECONDS }) ?? SPOT_NOTICE_SECONDS;
      notices.give(record, seconds * 1000);
      return `${record.id} is taken back in ${seconds} s, as its notice says`;
    },
  };
}

function showInstance(dataFolder: string, { id, state }: InstanceRecord): string[] {
  if (state !== 'running') return [];
  return [
    ...(markedSince(dataFolder, id, 'impaired') === undefined ? [] : [`The status check of ${id} fails`]),
    ...(powerOf(hostFolder(dataFolder, id)) === 'crashed' ? [`${id} has no power`] : []),
  ];
}

function requireInstance(store: Ec2Store, id: string): InstanceRecord {
  const record = store.instances.get(id);
  if (record !== undefined && record.state !== 'terminated') return record;
  const live = store.instances.values().filter(({ state }) => state !== 'terminated');
  throw new ChaosRefusal(
    `There is no instance ${id}; allowed are ${live.length === 0 ? 'none' : live.map((one) => one.id).join(', ')}`,
    404,
  );
}
