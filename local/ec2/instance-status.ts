import type { InstanceStatus } from '@aws-sdk/client-ec2';
import { hostFolder } from '../hosts/host-folder.ts';
import { powerOf } from '../hosts/host-record.ts';
import type { InstanceRecord } from './records.ts';
import { showState } from './show-instance.ts';

/**
 * The status checks of an instance. A host that crashed answers nothing; the death of its ECS agent alone is no matter
 * of EC2.
 */
export function instanceStatus(dataFolder: string, record: InstanceRecord): InstanceStatus {
  const isCrashed = record.state === 'running' && powerOf(hostFolder(dataFolder, record.id)) === 'crashed';
  const reachability = record.state !== 'running' ? 'not-applicable' : isCrashed ? 'impaired' : 'ok';
  const system = record.state === 'running' ? 'ok' : 'not-applicable';
  return {
    InstanceId: record.id,
    AvailabilityZone: record.zone,
    InstanceState: showState(record.state),
    InstanceStatus: { Status: reachability, Details: [{ Name: 'reachability', Status: detailOf(reachability) }] },
    SystemStatus: { Status: system, Details: [{ Name: 'reachability', Status: detailOf(system) }] },
  };
}

function detailOf(status: 'ok' | 'impaired' | 'not-applicable'): 'passed' | 'failed' | 'insufficient-data' {
  switch (status) {
    case 'ok':
      return 'passed';
    case 'impaired':
      return 'failed';
    case 'not-applicable':
      return 'insufficient-data';
  }
}
