import type {
  DescribeInstancesCommandInput,
  DescribeInstanceTypesCommandInput,
  Instance,
  InstanceStateName,
} from '@aws-sdk/client-ec2';
import type { Emit, SimulatedClock, SimulatedHost } from '../../../contract.ts';
import { failure, onlyMembers } from '../failure.ts';
import type { Operation } from '../modelled-service.ts';
import { filterBy, pageOf } from './describe.ts';
import type { InstanceRecord, VolumeRecord } from './records.ts';

/** Terminated instances are shown so long. Source: EC2 user guide, instance lifecycle ("for a short while"). */
const showTerminatedMs = 60 * 60 * 1000;

const stateCodes: Readonly<Record<InstanceStateName, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** Source: EC2 user guide, EBS volume limits. */
export interface InstanceType {
  readonly maximumEbsAttachments: number;
  readonly limit: 'shared' | 'dedicated';
}
const instanceTypes: Readonly<Record<string, InstanceType>> = {
  'm7g.large': { maximumEbsAttachments: 28, limit: 'shared' },
  'm7i.large': { maximumEbsAttachments: 32, limit: 'dedicated' },
};

interface InstancePorts {
  readonly clock: SimulatedClock;
  readonly emit: Emit;
  readonly accountId: string;
  readonly region: string;
  readonly volumesOf: (instanceId: string) => readonly VolumeRecord[];
}

/** EC2 instances: they come, go and change by the simulation's hand only. */
export class Instances {
  readonly #ports: InstancePorts;
  readonly #instances = new Map<string, InstanceRecord>();

  constructor(ports: InstancePorts) {
    this.#ports = ports;
  }

  get operations(): Readonly<Record<string, Operation>> {
    return {
      DescribeInstances: (input: DescribeInstancesCommandInput) => this.#describe(input),
      DescribeInstanceTypes: (input: DescribeInstanceTypesCommandInput) => {
        onlyMembers('ec2 DescribeInstanceTypes', input, ['InstanceTypes']);
        const names = input.InstanceTypes?.length ? input.InstanceTypes : Object.keys(instanceTypes);
        return { InstanceTypes: names.map(showType) };
      },
    };
  }

  add(host: SimulatedHost, type: string): void {
    requireInstanceType(type);
    const now = this.#ports.clock.now();
    this.#put({ host, type, state: 'running', launchedAt: now, changedAt: now });
  }

  setState(instanceId: string, state: InstanceStateName): void {
    const instance = this.#instances.get(instanceId);
    if (instance === undefined) return;
    const changedAt = this.#ports.clock.now();
    this.#put({ ...instance, state, changedAt, ...(state === 'stopped' ? { stoppedAt: changedAt } : {}) });
  }

  get(instanceId: string): InstanceRecord | undefined {
    return this.#instances.get(instanceId);
  }

  /** @throws ServiceError InvalidInstanceID.NotFound, also for instances that are terminated for longer than an hour */
  require(instanceId: string): InstanceRecord {
    const instance = this.#instances.get(instanceId);
    if (instance === undefined || !this.#isShown(instance))
      throw failure('InvalidInstanceID.NotFound', `The instance ID '${instanceId}' does not exist`);
    return instance;
  }

  #put(instance: InstanceRecord): void {
    const { instanceId } = instance.host;
    this.#instances.set(instanceId, instance);
    this.#ports.emit({
      source: 'aws.ec2',
      detailType: 'EC2 Instance State-change Notification',
      resources: [`arn:aws:ec2:${this.#ports.region}:${this.#ports.accountId}:instance/${instanceId}`],
      detail: { 'instance-id': instanceId, state: instance.state },
    });
  }

  #describe(input: DescribeInstancesCommandInput): object {
    onlyMembers('ec2 DescribeInstances', input, ['InstanceIds', 'Filters', 'MaxResults', 'NextToken']);
    const wanted = input.InstanceIds?.length
      ? input.InstanceIds.map((id) => this.require(id))
      : [...this.#instances.values()].filter((instance) => this.#isShown(instance));
    const found = filterBy(wanted, input.Filters, ({ host, state, type }) => ({
      values: {
        'instance-id': [host.instanceId],
        'instance-state-name': [state],
        'instance-type': [type],
        'availability-zone': [host.zone],
      },
      tags: [],
    }));
    const { items, ...rest } = pageOf(found, input);
    const Reservations = items.map((instance) => ({
      ReservationId: `r-${instance.host.instanceId.slice(2)}`,
      OwnerId: this.#ports.accountId,
      Groups: [],
      Instances: [this.#show(instance)],
    }));
    return { Reservations, ...rest };
  }

  #show({ host, type, state, launchedAt }: InstanceRecord): Instance {
    return {
      InstanceId: host.instanceId,
      InstanceType: type as NonNullable<Instance['InstanceType']>,
      LaunchTime: new Date(launchedAt),
      Placement: { AvailabilityZone: host.zone, GroupName: '', Tenancy: 'default' },
      ...(state === 'terminated' ? {} : { PrivateIpAddress: host.address }),
      RootDeviceName: '/dev/xvda',
      RootDeviceType: 'ebs',
      State: { Code: stateCodes[state], Name: state },
      BlockDeviceMappings: this.#ports.volumesOf(host.instanceId).flatMap(({ id, attachment }) =>
        attachment === undefined
          ? []
          : {
              DeviceName: attachment.device,
              Ebs: {
                VolumeId: id,
                // The mapping of an instance knows no `busy`.
                Status: attachment.state === 'busy' ? ('detaching' as const) : attachment.state,
                AttachTime: new Date(attachment.attachedAt),
                DeleteOnTermination: attachment.isRoot,
              },
            },
      ),
    };
  }

  #isShown({ state, changedAt }: InstanceRecord): boolean {
    return state !== 'terminated' || this.#ports.clock.now() - changedAt < showTerminatedMs;
  }
}

/** @throws ServiceError InvalidInstanceType */
export function requireInstanceType(name: string): InstanceType {
  const type = instanceTypes[name];
  if (type === undefined)
    throw failure(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${name}]; modelled: ${Object.keys(instanceTypes).join(', ')}.`,
    );
  return type;
}

function showType(name: string): object {
  const { maximumEbsAttachments, limit } = requireInstanceType(name);
  return {
    InstanceType: name,
    EbsInfo: { MaximumEbsAttachments: maximumEbsAttachments, AttachmentLimitType: limit, NvmeSupport: 'required' },
  };
}
