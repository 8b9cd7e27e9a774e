import type {
  Attribute,
  DeleteAttributesRequest,
  DeregisterContainerInstanceRequest,
  DescribeContainerInstancesRequest,
  Failure,
  ListContainerInstancesRequest,
  PutAttributesRequest,
  UpdateContainerInstancesStateRequest,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../core/aws-error.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import type { Fleet } from './fleet.ts';
import { pageOf } from './page.ts';
import { subjectOf } from './placement.ts';
import { parseExpression } from './placement-expression.ts';
import type { ClusterRecord, ContainerInstanceRecord } from './records.ts';
import { showContainerInstance } from './show-container-instance.ts';
import { arnOf, type EcsStore, lastPart, requireCluster, tasksOn } from './store.ts';

interface Ports {
  readonly cloud: Cloud;
  readonly store: EcsStore;
  readonly fleet: Fleet;
}

/** Container instances: the hosts that registered with a cluster. */
export function containerInstanceHandlers(ports: Ports): Handlers {
  const { store } = ports;
  return {
    ListContainerInstances: (input: ListContainerInstancesRequest) => {
      onlyMembers('ListContainerInstances', input, ['cluster', 'filter', 'status', 'maxResults', 'nextToken']);
      const cluster = requireCluster(store, input.cluster);
      const accept = input.filter === undefined ? () => true : parseExpression(input.filter);
      const found = registered(store, cluster)
        .filter(({ status }) => (input.status === undefined ? status !== 'INACTIVE' : status === input.status))
        .filter((instance) => accept(subjectOf({ instance, tasks: tasksOn(store, instance.arn) })));
      const { items, ...rest } = pageOf(found, input);
      return { containerInstanceArns: items.map(({ arn }) => arn), ...rest };
    },
    DescribeContainerInstances: (input: DescribeContainerInstancesRequest) => {
      onlyMembers('DescribeContainerInstances', input, ['cluster', 'containerInstances', 'include']);
      const { found, failures } = pick(ports, requireCluster(store, input.cluster), input.containerInstances ?? []);
      return { containerInstances: found.map((one) => showContainerInstance(store, one)), failures };
    },
    UpdateContainerInstancesState: (input: UpdateContainerInstancesStateRequest) => {
      onlyMembers('UpdateContainerInstancesState', input, ['cluster', 'containerInstances', 'status']);
      const { status } = input;
      if (status !== 'ACTIVE' && status !== 'DRAINING')
        throw new AwsError(
          'InvalidParameterException',
          `Container instance status '${status}' should be one of [ACTIVE,DRAINING].`,
        );
      const { found, failures } = pick(ports, requireCluster(store, input.cluster), input.containerInstances ?? []);
      const changed = found.map((one) => (one.status === status ? one : ports.fleet.putInstance({ ...one, status })));
      return { containerInstances: changed.map((one) => showContainerInstance(store, one)), failures };
    },
    DeregisterContainerInstance: (input: DeregisterContainerInstanceRequest) => deregister(ports, input),
    PutAttributes: (input: PutAttributesRequest) => {
      onlyMembers('PutAttributes', input, ['cluster', 'attributes']);
      const cluster = requireCluster(store, input.cluster);
      for (const attribute of input.attributes ?? []) putAttribute(ports, cluster, attribute);
      return { attributes: input.attributes ?? [] };
    },
    DeleteAttributes: (input: DeleteAttributesRequest) => {
      onlyMembers('DeleteAttributes', input, ['cluster', 'attributes']);
      const cluster = requireCluster(store, input.cluster);
      for (const attribute of input.attributes ?? []) {
        const instance = requireInstance(store, cluster, attribute.targetId);
        const attributes = instance.attributes.filter(({ name }) => name !== attribute.name);
        if (attributes.length === instance.attributes.length)
          throw new AwsError('TargetNotFoundException', `${attribute.targetId} has no attribute '${attribute.name}'.`);
        ports.fleet.putInstance({ ...instance, attributes });
      }
      return { attributes: input.attributes ?? [] };
    },
  };
}

function deregister({ store, fleet }: Ports, input: DeregisterContainerInstanceRequest): object {
  onlyMembers('DeregisterContainerInstance', input, ['cluster', 'containerInstance', 'force']);
  const cluster = requireCluster(store, input.cluster);
  const instance = registered(store, cluster).find(
    ({ arn, status }) => lastPart(arn) === lastPart(input.containerInstance ?? '') && status !== 'INACTIVE',
  );
  if (instance === undefined)
    throw new AwsError(
      'InvalidParameterException',
      `Referenced container instance ${input.containerInstance} not found.`,
    );
  if (input.force !== true && tasksOn(store, instance.arn).length > 0) {
    throw new AwsError(
      'InvalidParameterException',
      'Found running tasks on the instance. Stop them first, or use force, which leaves their containers running unmonitored.',
    );
  }
  const inactive = fleet.deregister(instance, {
    stopCode: 'UserInitiated',
    stoppedReason: `Container instance deregistration forced by user: the containers on ${instance.ec2InstanceId} are not followed any more.`,
  });
  return { containerInstance: showContainerInstance(store, inactive) };
}

function putAttribute({ store, fleet }: Ports, cluster: ClusterRecord, attribute: Attribute): void {
  const { name = '', value = '', targetType, targetId } = attribute;
  if (targetType !== undefined && targetType !== 'container-instance')
    throw new AwsError('InvalidParameterException', `targetType '${targetType}' is invalid; use container-instance.`);
  if (!/^[\w./-]{1,128}$/.test(name) || value.length > 128 || name.startsWith('ecs.')) {
    throw new AwsError(
      'InvalidParameterException',
      `Attribute '${name}' with value '${value}' is invalid: 1 to 128 of letters, digits, -, _, . and /, not beginning with 'ecs.'; the value has at most 128.`,
    );
  }
  const instance = requireInstance(store, cluster, targetId);
  const others = instance.attributes.filter((one) => one.name !== name);
  fleet.putInstance({ ...instance, attributes: [...others, { name, value }] });
}

function requireInstance(
  store: EcsStore,
  cluster: ClusterRecord,
  idOrArn: string | undefined,
): ContainerInstanceRecord {
  const instance = registered(store, cluster).find(
    ({ arn, status }) => lastPart(arn) === lastPart(idOrArn ?? '') && status !== 'INACTIVE',
  );
  if (instance === undefined)
    throw new AwsError('TargetNotFoundException', `The specified target was not found: ${idOrArn}.`);
  return instance;
}

function pick(
  { cloud, store }: Ports,
  cluster: ClusterRecord,
  idsOrArns: readonly string[],
): { readonly found: ContainerInstanceRecord[]; readonly failures: Failure[] } {
  if (idsOrArns.length === 0) throw new AwsError('InvalidParameterException', 'Container instances cannot be empty.');
  const found: ContainerInstanceRecord[] = [];
  const failures: Failure[] = [];
  for (const idOrArn of idsOrArns) {
    const instance = registered(store, cluster).find(({ arn }) => lastPart(arn) === lastPart(idOrArn));
    if (instance !== undefined) found.push(instance);
    else
      failures.push({
        arn: arnOf(cloud, `container-instance/${cluster.name}/${lastPart(idOrArn)}`),
        reason: 'MISSING',
      });
  }
  return { found, failures };
}

function registered(store: EcsStore, cluster: ClusterRecord): ContainerInstanceRecord[] {
  return store.containerInstances.values().filter((instance) => instance.cluster === cluster.name);
}
