import type { InstallBar } from '../model/deployment/install-bar.ts';
import type { LostEventsLook } from '../model/health/lost-events-look.ts';
import type { HostPromise } from '../model/placement/host-promise.ts';
import type { ServiceConfig } from '../model/service/config.ts';
import type { NodeGoal, TaskSeen, Tombstone } from '../model/state.ts';
import type { Orphans } from '../model/truth/orphan.ts';
import type { Store } from '../ports/store.ts';
import { fromItem, serviceState } from './service-state.ts';
import {
  configKey,
  goalKey,
  hostPromisesKey,
  hostPromisesPartition,
  installBarKey,
  type Key,
  lostEventsKey,
  orphansKey,
  seenKey,
  servicePartition,
  tombstoneKey,
} from './store-keys.ts';
import type { Item, Table } from './table.ts';

/** What is read from the table and changes nothing there. */
type Reads = Pick<
  Store,
  | 'listServices'
  | 'readService'
  | 'readTombstone'
  | 'readConfig'
  | 'listConfigIds'
  | 'listPortClaims'
  | 'readGoal'
  | 'readSeen'
  | 'readHostPromises'
  | 'readInstallBar'
  | 'readOrphans'
  | 'readLostEvents'
>;

/** The reads of the port Store on DynamoDB, all of them consistent. */
export function readsOf(table: Table): Reads {
  const readOne = async <Type>(key: Key): Promise<Type | undefined> => {
    const item = await table.get(key);
    return item === undefined ? undefined : fromItem<Type>(item);
  };
  return {
    listServices: async () => (await table.query('SERVICES')).map(({ sk }) => String(sk)).sort(),
    readService: async (service) => serviceState(await table.query(servicePartition(service))),
    readTombstone: (service) => readOne<Tombstone>(tombstoneKey(service)),
    readConfig: (service, configId) => readOne<ServiceConfig>(configKey(service, configId)),
    listConfigIds: async (service) => (await table.query(configKey(service, '').pk)).map(({ sk }) => String(sk)),
    listPortClaims: async () =>
      (await table.query('PORTS')).map((item) => ({ port: Number(item['sk']), service: String(item['service']) })),
    readGoal: (service, nodeId) => readOne<NodeGoal>(goalKey(service, nodeId)),
    readSeen: (service, taskArn) => readOne<TaskSeen>(seenKey(service, taskArn)),
    readHostPromises: async () => {
      const items = await table.query(hostPromisesPartition);
      const isVersion = ({ sk }: Item) => sk === hostPromisesKey.sk;
      return {
        version: Number(items.find(isVersion)?.['version'] ?? 0),
        promises: items.filter((item) => !isVersion(item)).map((item) => fromItem<HostPromise>(item)),
      };
    },
    readInstallBar: () => readOne<InstallBar>(installBarKey),
    readOrphans: () => readOne<Orphans>(orphansKey),
    readLostEvents: () => readOne<LostEventsLook>(lostEventsKey),
  };
}
