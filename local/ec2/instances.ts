import type {
  DescribeInstanceStatusRequest,
  DescribeInstancesRequest,
  Instance,
  InstanceStateChange,
  InstanceStateName,
  RunInstancesRequest,
  StopInstancesRequest,
  TerminateInstancesRequest,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../core/aws-error.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import { filterBy, pageOf } from './describe.ts';
import type { Hypervisor } from './hypervisor.ts';
import { instanceStatus } from './instance-status.ts';
import type { InstanceRecord } from './records.ts';
import { planInstances } from './run-instances.ts';
import { showInstance, showState } from './show-instance.ts';
import type { Ec2Store } from './store.ts';
import { requestHash } from './volume-request.ts';

/** How long a terminated instance is still shown. */
const SHOW_TERMINATED_MS = 60 * 60 * 1000;

/** What the instance operations need. */
export interface InstancePorts {
  readonly cloud: Cloud;
  readonly store: Ec2Store;
  readonly hypervisor: Hypervisor;
  readonly addressPrefix: string;
}

/** Instances: orders are stored and answered at once, the hypervisor carries them out. */
export function instanceHandlers(ports: InstancePorts): Handlers {
  return {
    RunInstances: (input: RunInstancesRequest) => runInstances(ports, input),
    DescribeInstances: (input: DescribeInstancesRequest) => describeInstances(ports, input),
    DescribeInstanceStatus: (input: DescribeInstanceStatusRequest) => describeStatus(ports, input),
    TerminateInstances: (input: TerminateInstancesRequest) => {
      onlyMembers('TerminateInstances', input, ['InstanceIds', 'Force', 'SkipOsShutdown']);
      const isCutOff = input.Force === true || input.SkipOsShutdown === true;
      const changes = change(ports, input.InstanceIds, (record) => {
        // A shutdown that hangs may still be turned into a forced one.
        if (record.state === 'shutting-down' && !isCutOff) return record;
        return record.state === 'terminated' ? record : { ...ended(record, 'shutting-down'), isCutOff };
      });
      return { TerminatingInstances: changes };
    },
    StopInstances: (input: StopInstancesRequest) => {
      onlyMembers('StopInstances', input, ['InstanceIds', 'Force', 'SkipOsShutdown']);
      const isCutOff = input.Force === true || input.SkipOsShutdown === true;
      const changes = change(ports, input.InstanceIds, (record) => {
        if (record.state === 'stopped' || (record.state === 'stopping' && !isCutOff)) return record;
        requireState(record, ['running', 'stopping'], 'stopped');
        return { ...ended(record, 'stopping'), isCutOff };
      });
      return { StoppingInstances: changes };
    },
    StartInstances: (input: { readonly InstanceIds?: string[] }) => {
      onlyMembers('StartInstances', input, ['InstanceIds']);
      const changes = change(ports, input.InstanceIds, (record) => {
        if (record.state === 'running' || record.state === 'pending') return record;
        requireState(record, ['stopped'], 'started');
        const { reason: _reason, isCutOff: _isCutOff, ...rest } = record;
        return { ...rest, state: 'pending', launchedAt: Date.now(), changedAt: Date.now() };
      });
      return { StartingInstances: changes };
    },
    RebootInstances: (input: { readonly InstanceIds?: string[] }) => {
      onlyMembers('RebootInstances', input, ['InstanceIds']);
      const records = (input.InstanceIds ?? []).map((id) => requireInstance(ports.store, id));
      for (const record of records) requireState(record, ['running'], 'rebooted');
      for (const record of records) ports.hypervisor.reboot(record.id);
      return {};
    },
  };
}

function runInstances({ cloud, store, hypervisor, addressPrefix }: InstancePorts, input: RunInstancesRequest): object {
  const hash = requestHash(input);
  const known = store.instances
    .values()
    .filter(({ clientToken }) => clientToken !== undefined && clientToken === input.ClientToken);
  if (known.some(({ requestHash: other }) => other !== hash)) {
    throw new AwsError(
      'IdempotentParameterMismatch',
      `The client token '${input.ClientToken}' was used for another request.`,
    );
  }
  // A crash may have cut the request in half: the token finds those that were stored, and the rest is made now.
  const missing = planInstances({ store, region: cloud.region, addressPrefix }, input).slice(known.length);
  for (const { record, tags } of missing) {
    store.tags.add(record.id, tags);
    hypervisor.put(record);
  }
  const records = [...known, ...missing.map(({ record }) => record)];
  return {
    ReservationId: records[0]?.reservationId,
    OwnerId: cloud.accountId,
    Instances: records.map((one) => showInstance(store, one)),
  };
}

function describeInstances({ cloud, store }: InstancePorts, input: DescribeInstancesRequest): object {
  onlyMembers('DescribeInstances', input, ['InstanceIds', 'Filters', 'MaxResults', 'NextToken']);
  const wanted = input.InstanceIds?.length
    ? input.InstanceIds.map((id) => requireInstance(store, id))
    : store.instances.values().filter(isShown);
  const found = filterBy(wanted, input.Filters, (record) => ({
    values: {
      'instance-id': [record.id],
      'instance-state-name': [record.state],
      'instance-type': [record.type],
      'availability-zone': [record.zone],
      'private-ip-address': [record.address],
      'subnet-id': [record.subnetId],
      'vpc-id': [record.vpcId],
      'image-id': [record.imageId],
    },
    tags: store.tags.of(record.id),
  }));
  const { items, ...rest } = pageOf(found, input);
  const reservations = Map.groupBy(items, ({ reservationId }) => reservationId);
  const Reservations = [...reservations].map(([ReservationId, records]) => ({
    ReservationId,
    OwnerId: cloud.accountId,
    Groups: [],
    Instances: records.map((record): Instance => showInstance(store, record)),
  }));
  return { Reservations, ...rest };
}

function describeStatus({ cloud, store }: InstancePorts, input: DescribeInstanceStatusRequest): object {
  onlyMembers('DescribeInstanceStatus', input, [
    'InstanceIds',
    'Filters',
    'IncludeAllInstances',
    'MaxResults',
    'NextToken',
  ]);
  const wanted = input.InstanceIds?.length
    ? input.InstanceIds.map((id) => requireInstance(store, id))
    : store.instances.values().filter(isShown);
  const shown = wanted.filter(({ state }) => input.IncludeAllInstances === true || state === 'running');
  const statuses = shown.map((record) => instanceStatus(cloud.dataFolder, record));
  const found = filterBy(statuses, input.Filters, (status) => ({
    values: {
      'availability-zone': [status.AvailabilityZone],
      'instance-state-name': [status.InstanceState?.Name],
      'instance-status.status': [status.InstanceStatus?.Status],
      'system-status.status': [status.SystemStatus?.Status],
    },
    tags: [],
  }));
  const { items, ...rest } = pageOf(found, input);
  return { InstanceStatuses: items, ...rest };
}

function change(
  ports: InstancePorts,
  ids: readonly string[] | undefined,
  next: (record: InstanceRecord) => InstanceRecord,
): InstanceStateChange[] {
  // All are looked at before any is changed: one bad id refuses the whole request.
  const pairs = (ids ?? [])
    .map((id) => requireInstance(ports.store, id))
    .map((record) => ({ record, changed: next(record) }));
  return pairs.map(({ record, changed }) => {
    if (changed !== record) ports.hypervisor.put(changed);
    return { InstanceId: record.id, PreviousState: showState(record.state), CurrentState: showState(changed.state) };
  });
}

function ended(record: InstanceRecord, state: InstanceStateName): InstanceRecord {
  const message = 'Client.UserInitiatedShutdown: User initiated shutdown';
  return { ...record, state, reason: { code: 'Client.UserInitiatedShutdown', message }, changedAt: Date.now() };
}

function requireInstance(store: Ec2Store, id: string): InstanceRecord {
  const record = store.instances.get(id);
  if (record === undefined || !isShown(record))
    throw new AwsError('InvalidInstanceID.NotFound', `The instance ID '${id}' does not exist`);
  return record;
}

function requireState(record: InstanceRecord, allowed: readonly InstanceStateName[], verb: string): void {
  if (allowed.includes(record.state)) return;
  throw new AwsError(
    'IncorrectInstanceState',
    `The instance '${record.id}' is not in a state from which it can be ${verb}: it is '${record.state}', not ${allowed.join(' or ')}.`,
  );
}

function isShown({ state, changedAt }: InstanceRecord): boolean {
  return state !== 'terminated' || Date.now() - changedAt < SHOW_TERMINATED_MS;
}
