import type { ResourceContext, ResourceDriver } from '../resource-driver.ts';
import { textOf } from './pick.ts';

/**
 * AWS::ECR::Repository. No registry stands behind it: the bootstrap template wants a repository that nothing here
 * pushes to, so the stack's own record is all there is of it.
 */
export const ecrRepository: ResourceDriver = {
  type: 'AWS::ECR::Repository',
  properties: ['ImageTagMutability', 'LifecyclePolicy', 'RepositoryName', 'RepositoryPolicyText', 'Tags'],
  replaceOn: ['RepositoryName'],
  nameProperty: 'RepositoryName',
  tags: 'list',
  create: async (context, properties) =>
    describe(context, textOf(properties, 'RepositoryName') ?? context.name(256).toLowerCase()),
  update: async (_context, resource) => resource,
  delete: async () => {},
};

function describe({ region, accountId }: ResourceContext, name: string) {
  return {
    physicalId: name,
    attributes: {
      Arn: `arn:aws:ecr:${region}:${accountId}:repository/${name}`,
      RepositoryUri: `${accountId}.dkr.ecr.${region}.amazonaws.com/${name}`,
    },
  };
}
