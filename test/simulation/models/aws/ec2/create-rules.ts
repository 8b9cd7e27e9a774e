import type { CreateVolumeCommandInput } from '@aws-sdk/client-ec2';
import { simulatedPlace } from '../../../contract.ts';
import { failure, notModelled, onlyMembers } from '../failure.ts';

/** Source: EBS user guide, gp3. */
const largestGiB = 65_536;
const zones = ['a', 'b', 'c'].map((letter) => `${simulatedPlace.region}${letter}`);

/** Throws in EC2's words when a request makes no volume. */
export function checkCreate(input: CreateVolumeCommandInput): void {
  onlyMembers('ec2 CreateVolume', input, [
    'AvailabilityZone',
    'Size',
    'SnapshotId',
    'VolumeType',
    'Encrypted',
    'ClientToken',
    'TagSpecifications',
  ]);
  const { AvailabilityZone: zone = '', Size: size, VolumeType: type = 'gp2' } = input;
  if (size === undefined) throw failure('MissingParameter', 'The request must contain the parameter size/snapshot');
  if (type !== 'gp3') throw notModelled(`ec2 VolumeType '${type}'`, ['gp3']);
  if (size < 1 || size > largestGiB)
    throw failure(
      'InvalidParameterValue',
      `Volume of ${size}GiB is not possible for volume type gp3; the size is from 1GiB to ${largestGiB}GiB`,
    );
  if (!zones.includes(zone))
    throw failure('InvalidZone.NotFound', `The zone '${zone}' does not exist; there are ${zones.join(', ')}.`);
}
