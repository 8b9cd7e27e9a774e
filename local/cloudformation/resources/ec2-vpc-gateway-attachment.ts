import { createOnce, ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceDriver } from '../resource-driver.ts';
import { requiredText } from './pick.ts';

/** AWS::EC2::VPCGatewayAttachment of an internet gateway. */
export const ec2VpcGatewayAttachment: ResourceDriver = {
  type: 'AWS::EC2::VPCGatewayAttachment',
  properties: ['InternetGatewayId', 'VpcId'],
  replaceOn: ['*'],
  create: async (context, properties) => {
    await createOnce(context.isRetry, context.call('ec2', 'AttachInternetGateway', properties));
    const physicalId = `IGW|${requiredText(properties, 'VpcId')}`;
    context.remember(physicalId);
    return { physicalId, attributes: { AttachmentType: 'IGW' } };
  },
  update: async (_context, resource) => resource,
  delete: (context, _resource, properties) => ignoreGone(context.call('ec2', 'DetachInternetGateway', properties)),
};
