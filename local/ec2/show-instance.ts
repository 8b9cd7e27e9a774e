import type { Instance, InstanceStateName } from '@aws-sdk/client-ec2';
import { requireInstanceType } from './instance-types.ts';
import type { InstanceRecord } from './records.ts';
import type { Ec2Store } from './store.ts';

/** The name that the root volume takes; other volumes take others. */
export const ROOT_DEVICE = '/dev/xvda';

const STATE_CODES: Readonly<Record<InstanceStateName, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** A state as DescribeInstances shows it. */
export function showState(name: InstanceStateName): { readonly Code: number; readonly Name: InstanceStateName } {
  return { Code: STATE_CODES[name], Name: name };
}

/** An instance as DescribeInstances shows it. */
export function showInstance(store: Ec2Store, record: InstanceRecord): Instance {
  const type = requireInstanceType(record.type);
  const isGone = record.state === 'terminated';
  const attached = store.volumes
    .values()
    .flatMap(({ id, attachment }) => (attachment?.instanceId === record.id ? [{ id, attachment }] : []));
  return {
    InstanceId: record.id,
    InstanceType: record.type as NonNullable<Instance['InstanceType']>,
    ImageId: record.imageId,
    AmiLaunchIndex: 0,
    Architecture: type.architecture,
    Hypervisor: 'xen',
    EbsOptimized: true,
    LaunchTime: new Date(record.launchedAt),
    Monitoring: { State: 'disabled' },
    Placement: { AvailabilityZone: record.zone, GroupName: '', Tenancy: 'default' },
    ...(!isGone && {
      PrivateIpAddress: record.address,
      PrivateDnsName: `ip-${record.address.replaceAll('.', '-')}.ec2.internal`,
      SubnetId: record.subnetId,
      VpcId: record.vpcId,
    }),
    RootDeviceName: ROOT_DEVICE,
    RootDeviceType: 'ebs',
    BlockDeviceMappings: attached.map(({ id, attachment }) => ({
      DeviceName: attachment.device,
      Ebs: {
        VolumeId: id,
        Status: shownStatus(attachment.state),
        AttachTime: new Date(attachment.attachedAt),
        DeleteOnTermination: attachment.isRoot === true,
      },
    })),
    SecurityGroups: record.securityGroupIds.map((id) => ({
      GroupId: id,
      GroupName: store.securityGroups.get(id)?.GroupName,
    })),
    ...(record.profileArn !== undefined && { IamInstanceProfile: { Arn: record.profileArn, Id: 'AIPALOCAL' } }),
    State: showState(record.state),
    StateTransitionReason: record.reason?.message ?? '',
    ...(record.reason !== undefined && { StateReason: { Code: record.reason.code, Message: record.reason.message } }),
    ...(record.clientToken !== undefined && { ClientToken: record.clientToken }),
    Tags: store.tags.of(record.id),
    VirtualizationType: 'hvm',
    BootMode: type.architecture === 'arm64' ? 'uefi' : 'legacy-bios',
    CurrentInstanceBootMode: type.architecture === 'arm64' ? 'uefi' : 'legacy-bios',
    NetworkInterfaces: [],
    ProductCodes: [],
    SourceDestCheck: true,
  };
}

/** The mapping of an instance knows no `busy`. */
function shownStatus(state: 'attaching' | 'attached' | 'detaching' | 'busy'): 'attaching' | 'attached' | 'detaching' {
  return state === 'busy' ? 'detaching' : state;
}
