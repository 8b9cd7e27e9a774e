import { AwsError } from '../core/aws-error.ts';
import { resolverFile } from '../core/resolver-file.ts';
import type { Cloud } from '../core/service.ts';
import type { FunctionRecord } from './function-record.ts';

/**
 * The file of the resolver that a function asks, there or not; undefined for a function outside of any VPC.
 * @throws InvalidSubnetIDException when EC2 does not know its subnet
 */
export async function functionResolver(cloud: Cloud, { vpc }: FunctionRecord): Promise<string | undefined> {
  if (vpc === undefined) return undefined;
  try {
    const { Subnets } = await cloud.call('ec2', 'DescribeSubnets', { SubnetIds: vpc.subnetIds.slice(0, 1) });
    return resolverFile(cloud.dataFolder, Subnets[0].VpcId);
  } catch (error) {
    if (!(error instanceof AwsError) || error.name !== 'InvalidSubnetID.NotFound') throw error;
    throw new AwsError('InvalidSubnetIDException', error.message, 502);
  }
}
