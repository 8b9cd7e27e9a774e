import type { ResourceDriver } from '../resource-driver.ts';

/** AWS::CDK::Metadata: a note without a service behind it. */
export const cdkMetadata: ResourceDriver = {
  type: 'AWS::CDK::Metadata',
  properties: ['Analytics'],
  replaceOn: [],
  create: async (context) => ({ physicalId: context.token.toLowerCase(), attributes: {} }),
  update: async (_context, resource) => resource,
  delete: async () => {},
};
