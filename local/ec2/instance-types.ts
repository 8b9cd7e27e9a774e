import type { DescribeInstanceTypesRequest, InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { AwsError } from '../core/aws-error.ts';
import type { Handlers } from '../core/service.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import { filterBy, pageOf } from './describe.ts';

/** What a size of a family has. */
export interface InstanceType {
  readonly name: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly architecture: 'arm64' | 'x86_64';
  readonly limit: 'shared' | 'dedicated';
  readonly maximumEbsAttachments: number;
}

interface Family {
  readonly name: string;
  readonly architecture: InstanceType['architecture'];
  readonly memoryMiBPerVcpu: number;
  readonly limit: InstanceType['limit'];
  readonly maximumEbsAttachments: number;
}

/** Source: EC2 user guide, EBS volume limits (older Nitro shares 28 slots with network interfaces) and instance types. */
const FAMILIES: readonly Family[] = [
  { name: 'm6i', architecture: 'x86_64', memoryMiBPerVcpu: 4096, limit: 'shared', maximumEbsAttachments: 28 },
  { name: 'm7g', architecture: 'arm64', memoryMiBPerVcpu: 4096, limit: 'shared', maximumEbsAttachments: 28 },
  { name: 'm7i', architecture: 'x86_64', memoryMiBPerVcpu: 4096, limit: 'dedicated', maximumEbsAttachments: 32 },
  { name: 'm8g', architecture: 'arm64', memoryMiBPerVcpu: 4096, limit: 'dedicated', maximumEbsAttachments: 32 },
  { name: 'c7i', architecture: 'x86_64', memoryMiBPerVcpu: 2048, limit: 'dedicated', maximumEbsAttachments: 32 },
  { name: 'r7g', architecture: 'arm64', memoryMiBPerVcpu: 8192, limit: 'shared', maximumEbsAttachments: 28 },
  { name: 'r8g', architecture: 'arm64', memoryMiBPerVcpu: 8192, limit: 'dedicated', maximumEbsAttachments: 32 },
];

const SIZES: Readonly<Record<string, number>> = { large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16 };

const T3: readonly InstanceType[] = [
  ['t3.small', 2, 2048] as const,
  ['t3.medium', 2, 4096] as const,
  ['t3.large', 2, 8192] as const,
  ['t3.xlarge', 4, 16384] as const,
].map(([name, vcpus, memoryMiB]) => ({
  name,
  vcpus,
  memoryMiB,
  architecture: 'x86_64',
  limit: 'shared',
  maximumEbsAttachments: 28,
}));

/** The instance types of the local region. */
const INSTANCE_TYPES: ReadonlyMap<string, InstanceType> = new Map(
  [...FAMILIES.flatMap(sizesOf), ...T3].map((type) => [type.name, type]),
);

/** @throws AwsError InvalidInstanceType as EC2 does for a name that it does not know */
export function requireInstanceType(name: string): InstanceType {
  const type = INSTANCE_TYPES.get(name);
  if (type === undefined) {
    throw new AwsError(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${name}]. The local region has ${[...INSTANCE_TYPES.keys()].join(', ')}.`,
    );
  }
  return type;
}

/** DescribeInstanceTypes. */
export const instanceTypeHandlers: Handlers = {
  DescribeInstanceTypes: (input: DescribeInstanceTypesRequest) => {
    onlyMembers('DescribeInstanceTypes', input, ['InstanceTypes', 'Filters', 'MaxResults', 'NextToken']);
    const wanted = input.InstanceTypes?.length
      ? input.InstanceTypes.map(requireInstanceType)
      : [...INSTANCE_TYPES.values()];
    const found = filterBy(wanted, input.Filters, (type) => ({
      values: { 'instance-type': [type.name], 'processor-info.supported-architecture': [type.architecture] },
      tags: [],
    }));
    const { items, ...rest } = pageOf(found, input);
    return { InstanceTypes: items.map(infoOf), ...rest };
  },
};

function sizesOf(family: Family): InstanceType[] {
  const { name, architecture, memoryMiBPerVcpu, limit, maximumEbsAttachments } = family;
  return Object.entries(SIZES).map(([size, vcpus]) => ({
    name: `${name}.${size}`,
    vcpus,
    memoryMiB: vcpus * memoryMiBPerVcpu,
    architecture,
    limit,
    maximumEbsAttachments,
  }));
}

function infoOf(type: InstanceType): InstanceTypeInfo {
  return {
    InstanceType: type.name as NonNullable<InstanceTypeInfo['InstanceType']>,
    CurrentGeneration: true,
    Hypervisor: 'nitro',
    ProcessorInfo: { SupportedArchitectures: [type.architecture] },
    VCpuInfo: { DefaultVCpus: type.vcpus },
    MemoryInfo: { SizeInMiB: type.memoryMiB },
    EbsInfo: {
      EbsOptimizedSupport: 'default',
      EncryptionSupport: 'supported',
      NvmeSupport: 'required',
      MaximumEbsAttachments: type.maximumEbsAttachments,
      AttachmentLimitType: type.limit,
    },
  };
}
