import type { ResourceContext } from '../resource-driver.ts';

/**
 * The tags that CloudFormation itself puts on what it makes. Where the service picks the id and takes no token, they
 * are how a repeated creation finds what the first one made.
 */
export function ownershipTags({ stackId, stackName, logicalId }: ResourceContext): Readonly<Record<string, string>> {
  return {
    'aws:cloudformation:logical-id': logicalId,
    'aws:cloudformation:stack-id': stackId,
    'aws:cloudformation:stack-name': stackName,
  };
}

/** Whether tags say that the thing stands for this resource of this stack. */
export function isOwned(context: ResourceContext, tags: Readonly<Record<string, string>> | undefined): boolean {
  return Object.entries(ownershipTags(context)).every(([key, value]) => tags?.[key] === value);
}
