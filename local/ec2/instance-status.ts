import type { InstanceStatus } from '@aws-sdk/client-ec2';
import { hostFolder } from '../hosts/host-folder.ts';
import { markedSince } from '../hosts/host-marks.ts';
import { poweredSince, powerOf } from '../hosts/host-record.ts';
import type { InstanceRecord } from './records.ts';
import { showState } from './show-instance.ts';

/**
 * The status checks of an instance. A host that crashed answers nothing, one that was impaired on purpose runs on; the
 * death of its ECS agent alone is no matter of EC2.
 */
export function instanceStatus(dataFolder: string, record: InstanceRecord): InstanceStatus {
  const since = record.state === 'running' ? impairedSince(dataFolder, record.id) : undefined;
  const reachability = record.state !== 'running' ? 'not-applicable' : since === undefined ? 'ok' : 'impaired';
  const system = record.state === 'running' ? 'ok' : 'not-applicable';
  const impaired = since === undefined ? {} : { ImpairedSince: new Date(since) };
  return {
    InstanceId: record.id,
    AvailabilityZone: record.zone,
    InstanceState: showState(record.state),
    InstanceStatus: {
      Status: reachability,
      Details: [{ Name: 'reachability', Status: detailOf(reachability), ...impaired }],
    },
    SystemStatus: { Status: system, Details: [{ Name: 'reachability', Status: detailOf(system) }] },
  };
}

function impairedSince(dataFolder: string, instanceId: string): number | undefined {
  const folder = hostFolder(dataFolder, instanceId);
  return powerOf(folder) === 'crashed' ? poweredSince(folder) : markedSince(dataFolder, instanceId, 'impaired');
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
