import { createHash } from 'node:crypto';
import type { CreateVolumeRequest } from '@aws-sdk/client-ec2';
import { AwsError } from '../core/aws-error.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import type { SnapshotRecord, VolumeRecord } from './records.ts';

/** Source: EBS user guide, gp3 and gp2 (sizes in GiB, throughput in MiB/s). */
const GP3 = {
  largestGiB: 65_536,
  iops: 3000,
  mostIops: 80_000,
  iopsPerGiB: 500,
  throughput: 125,
  mostThroughput: 2000,
};
const GP2 = { largestGiB: 16_384, iopsPerGiB: 3, leastIops: 100, mostIops: 16_000 };

/** What a request for a volume asks for, checked as EC2 does. */
export function parseVolumeRequest(
  input: CreateVolumeRequest,
  snapshot?: SnapshotRecord,
): Pick<VolumeRecord, 'snapshotId' | 'sizeGiB' | 'type' | 'iops' | 'throughputMiBps' | 'encrypted' | 'kmsKeyId'> {
  onlyMembers('CreateVolume', input, [
    'AvailabilityZone',
    'SnapshotId',
    'Size',
    'VolumeType',
    'Iops',
    'Throughput',
    'Encrypted',
    'KmsKeyId',
    'TagSpecifications',
    'ClientToken',
  ]);
  const { Size: size = snapshot?.sizeGiB, VolumeType: type = 'gp2' } = input;
  if (size === undefined)
    throw new AwsError('MissingParameter', 'The request must contain the parameter size/snapshot');
  if (type !== 'gp3' && type !== 'gp2')
    throw new AwsError(
      'UnsupportedOperation',
      `CreateVolume: VolumeType '${type}' is not done on the local cloud; use gp3.`,
    );
  if (input.KmsKeyId !== undefined && input.Encrypted !== true) {
    throw new AwsError(
      'InvalidParameterDependency',
      'The parameter KmsKeyId requires the parameter Encrypted to be set.',
    );
  }
  const secrecy = secrecyOf(input, snapshot);
  const largestGiB = type === 'gp3' ? GP3.largestGiB : GP2.largestGiB;
  if (size < 1 || size > largestGiB) {
    throw new AwsError(
      'InvalidParameterValue',
      `Volume of ${size}GiB is not possible for volume type ${type}; the size is from 1GiB to ${largestGiB}GiB`,
    );
  }
  if (snapshot !== undefined && size < snapshot.sizeGiB)
    throw new AwsError(
      'InvalidParameterValue',
      `Volume of ${size}GiB is smaller than snapshot '${snapshot.id}', expect size>= ${snapshot.sizeGiB}GiB`,
    );
  const origin = snapshot === undefined ? {} : { snapshotId: snapshot.id };
  return {
    sizeGiB: size,
    type,
    ...origin,
    ...secrecy,
    ...(type === 'gp3' ? gp3Speed(size, input) : gp2Speed(size, input)),
  };
}

/** What comes of an encrypted snapshot is encrypted, with its key unless another one is named. */
function secrecyOf(
  { Encrypted, KmsKeyId }: CreateVolumeRequest,
  snapshot: SnapshotRecord | undefined,
): Pick<VolumeRecord, 'encrypted' | 'kmsKeyId'> {
  if (snapshot?.encrypted === true && Encrypted === false)
    throw new AwsError(
      'InvalidParameterCombination',
      `Snapshot '${snapshot.id}' is encrypted, and a volume that is made from it cannot be unencrypted`,
    );
  const kmsKeyId = KmsKeyId ?? snapshot?.kmsKeyId;
  return { encrypted: Encrypted ?? snapshot?.encrypted ?? false, ...(kmsKeyId !== undefined && { kmsKeyId }) };
}

/** The same for the same request, whatever the order of its members; the token itself does not count. */
export function requestHash(input: { readonly ClientToken?: string | undefined }): string {
  const { ClientToken: _token, ...rest } = input;
  return createHash('sha256').update(stableJson(rest)).digest('hex');
}

function gp3Speed(size: number, input: CreateVolumeRequest): Pick<VolumeRecord, 'iops' | 'throughputMiBps'> {
  const { Iops: iops = GP3.iops, Throughput: throughputMiBps = GP3.throughput } = input;
  if (iops < GP3.iops || iops > GP3.mostIops)
    throw new AwsError(
      'InvalidParameterValue',
      `Volume iops of ${iops} is not possible; gp3 has from ${GP3.iops} to ${GP3.mostIops}.`,
    );
  if (iops > GP3.iops && iops > size * GP3.iopsPerGiB) {
    throw new AwsError(
      'InvalidParameterCombination',
      `Iops to volume size ratio of ${iops / size} is too high; maximum is ${GP3.iopsPerGiB}`,
    );
  }
  if (throughputMiBps < GP3.throughput || throughputMiBps > GP3.mostThroughput) {
    throw new AwsError(
      'InvalidParameterValue',
      `Throughput of ${throughputMiBps} MiBps is not possible; gp3 has from ${GP3.throughput} to ${GP3.mostThroughput}.`,
    );
  }
  if (throughputMiBps * 4 > iops)
    throw new AwsError(
      'InvalidParameterCombination',
      `Throughput (MiBps) to iops ratio of ${throughputMiBps / iops} is too high; maximum is 0.25 MiBps per iops.`,
    );
  return { iops, throughputMiBps };
}

function gp2Speed(size: number, input: CreateVolumeRequest): Pick<VolumeRecord, 'iops'> {
  if (input.Iops !== undefined || input.Throughput !== undefined) {
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameters iops and throughput are not supported for gp2 volumes.',
    );
  }
  return { iops: Math.min(GP2.mostIops, Math.max(GP2.leastIops, size * GP2.iopsPerGiB)) };
}

function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
