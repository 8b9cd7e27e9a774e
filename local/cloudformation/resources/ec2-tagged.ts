import type { PropertyChange, ResourceContext } from '../resource-driver.ts';
import type { JsonObject } from '../template/json.ts';
import { ownershipTags } from './ownership-tags.ts';
import { tagChange, tagList } from './tag-change.ts';

/** How a kind of thing in EC2 is made and found. */
export interface Ec2Kind {
  /** As in TagSpecifications, for example vpc. */
  readonly resourceType: string;
  /** The operation that lists such things. */
  readonly describe: string;
  /** The member of its answer that holds them. */
  readonly list: string;
  readonly idMember: string;
}

/**
 * Makes a thing in EC2 once. EC2 picks the ids and takes no token here, so a repeated creation looks for the tags
 * that the first one put on.
 */
export async function createTagged(
  context: ResourceContext,
  kind: Ec2Kind,
  make: { readonly properties: JsonObject; readonly create: (tags: JsonObject) => Promise<string> },
): Promise<string> {
  const known = context.rememberedId ?? (context.isRetry ? await findOwned(context, kind) : undefined);
  const id = known ?? (await make.create({ TagSpecifications: [tagSpecification(context, kind, make.properties)] }));
  context.remember(id);
  return id;
}

function tagSpecification(context: ResourceContext, kind: Ec2Kind, properties: JsonObject): JsonObject {
  const owner = Object.entries(ownershipTags(context)).map(([Key, Value]) => ({ Key, Value }));
  return { ResourceType: kind.resourceType, Tags: [...tagList(properties).map((tag) => ({ ...tag })), ...owner] };
}

async function findOwned(context: ResourceContext, kind: Ec2Kind): Promise<string | undefined> {
  const Filters = Object.entries(ownershipTags(context)).map(([name, value]) => ({
    Name: `tag:${name}`,
    Values: [value],
  }));
  const answer = await context.call('ec2', kind.describe, { Filters });
  for (const item of answer[kind.list] ?? []) {
    const id = item[kind.idMember];
    if (typeof id === 'string' && !context.otherIds.includes(id)) return id;
  }
  return undefined;
}

/** Brings the tags of a thing in EC2 from the old properties to the new. */
export async function updateTags(context: ResourceContext, id: string, change: PropertyChange): Promise<void> {
  const { set, removed } = tagChange(change);
  if (set.length > 0) await context.call('ec2', 'CreateTags', { Resources: [id], Tags: set });
  if (removed.length > 0)
    await context.call('ec2', 'DeleteTags', { Resources: [id], Tags: removed.map((Key) => ({ Key })) });
}
