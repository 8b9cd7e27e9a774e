import type {
  Cluster,
  CreateClusterRequest,
  DescribeClustersRequest,
  ListClustersRequest,
  UpdateClusterRequest,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../core/aws-error.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import { pageOf } from './page.ts';
import type { ClusterRecord } from './records.ts';
import { arnOf, type EcsStore, lastPart, requireCluster } from './store.ts';

/** Clusters. `refresh` makes sure that hosts which are gone are no longer registered. */
export function clusterHandlers(cloud: Cloud, store: EcsStore, refresh: () => Promise<void>): Handlers {
  return {
    CreateCluster: (input: CreateClusterRequest) => ({
      cluster: showCluster(store, createCluster(cloud, store, input)),
    }),
    DescribeClusters: (input: DescribeClustersRequest) => {
      onlyMembers('DescribeClusters', input, ['clusters', 'include']);
      const wanted = (input.clusters?.length ? input.clusters : ['default']).map((name) => ({
        name,
        record: store.clusters.get(lastPart(name)),
      }));
      return {
        clusters: wanted.flatMap(({ record }) => (record === undefined ? [] : [showCluster(store, record)])),
        failures: wanted.flatMap(({ name, record }) =>
          record === undefined ? [{ arn: arnOf(cloud, `cluster/${lastPart(name)}`), reason: 'MISSING' }] : [],
        ),
      };
    },
    UpdateCluster: (input: UpdateClusterRequest) => {
      onlyMembers('UpdateCluster', input, ['cluster', 'settings']);
      const cluster = requireCluster(store, input.cluster);
      const changed = { ...cluster, settings: input.settings ?? cluster.settings };
      store.clusters.set(cluster.name, changed);
      return { cluster: showCluster(store, changed) };
    },
    ListClusters: (input: ListClustersRequest) => {
      const active = store.clusters.values().filter(({ status }) => status === 'ACTIVE');
      const { items, ...rest } = pageOf(active, input);
      return { clusterArns: items.map(({ arn }) => arn), ...rest };
    },
    DeleteCluster: async (input: { readonly cluster?: string }) => {
      await refresh();
      return { cluster: showCluster(store, deleteCluster(store, input.cluster)) };
    },
  };
}

function createCluster(cloud: Cloud, store: EcsStore, input: CreateClusterRequest): ClusterRecord {
  onlyMembers('CreateCluster', input, ['clusterName', 'settings', 'tags']);
  const name = input.clusterName ?? 'default';
  if (!/^[a-zA-Z0-9_-]{1,255}$/.test(name)) {
    throw new AwsError(
      'InvalidParameterException',
      `Invalid cluster name '${name}': use 1 to 255 letters, digits, - and _.`,
    );
  }
  const known = store.clusters.get(name);
  // As on AWS, the name of an active cluster answers that cluster.
  if (known?.status === 'ACTIVE') return known;
  const record: ClusterRecord = {
    name,
    arn: arnOf(cloud, `cluster/${name}`),
    status: 'ACTIVE',
    settings: input.settings ?? [],
  };
  store.tags.set(record.arn, input.tags ?? []);
  store.clusters.set(name, record);
  return record;
}

function deleteCluster(store: EcsStore, nameOrArn: string | undefined): ClusterRecord {
  const cluster = requireCluster(store, nameOrArn);
  const isHere = (record: { readonly cluster: string }): boolean => record.cluster === cluster.name;
  if (store.containerInstances.values().some((one) => isHere(one) && one.status !== 'INACTIVE')) {
    throw new AwsError(
      'ClusterContainsContainerInstancesException',
      'The Cluster cannot be deleted while Container Instances are active or draining.',
    );
  }
  if (store.tasks.values().some((one) => isHere(one) && one.lastStatus !== 'STOPPED')) {
    throw new AwsError('ClusterContainsTasksException', 'The Cluster cannot be deleted while Tasks are active.');
  }
  const deleted: ClusterRecord = { ...cluster, status: 'INACTIVE' };
  store.clusters.set(cluster.name, deleted);
  return deleted;
}

function showCluster(store: EcsStore, record: ClusterRecord): Cluster {
  const tasks = store.tasks.values().filter(({ cluster }) => cluster === record.name);
  const instances = store.containerInstances
    .values()
    .filter(({ cluster, status }) => cluster === record.name && status !== 'INACTIVE');
  return {
    clusterArn: record.arn,
    clusterName: record.name,
    status: record.status,
    registeredContainerInstancesCount: instances.length,
    runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'PENDING').length,
    activeServicesCount: 0,
    statistics: [],
    settings: [...record.settings],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
    tags: [...(store.tags.get(record.arn) ?? [])],
  };
}
