import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
  Tag,
  TagDescription,
  TagSpecification,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../core/aws-error.ts';
import type { DurableMap } from '../core/durable-map.ts';
import type { Handlers } from '../core/service.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import { filterBy, pageOf } from './describe.ts';

/** Resource types as DescribeTags names them, by the prefix of the id. */
const TYPES: Readonly<Record<string, string>> = {
  i: 'instance',
  igw: 'internet-gateway',
  lt: 'launch-template',
  rtb: 'route-table',
  sg: 'security-group',
  snap: 'snapshot',
  subnet: 'subnet',
  vol: 'volume',
  vpc: 'vpc',
  vpce: 'vpc-endpoint',
};

/** The tags of all resources, by their ids. */
export class TagBook {
  readonly #tags: DurableMap<readonly Tag[]>;

  constructor(tags: DurableMap<readonly Tag[]>) {
    this.#tags = tags;
  }

  of(id: string): Tag[] {
    return [...(this.#tags.get(id) ?? [])];
  }

  /** A tag with the same key is replaced. */
  add(id: string, tags: readonly Tag[]): void {
    if (tags.length === 0) return;
    for (const { Key } of tags)
      if (Key === undefined || Key === '') throw new AwsError('InvalidParameterValue', 'Tag keys cannot be empty');
    const kept = this.of(id).filter(({ Key }) => !tags.some((tag) => tag.Key === Key));
    this.#tags.set(id, [...kept, ...tags.map(({ Key, Value }) => ({ Key, Value: Value ?? '' }))]);
  }

  remove(id: string, tags: readonly Tag[]): void {
    const isRemoved = (one: Tag): boolean =>
      tags.some(({ Key, Value }) => Key === one.Key && (Value === undefined || Value === one.Value));
    this.#tags.set(
      id,
      this.of(id).filter((tag) => !isRemoved(tag)),
    );
  }

  forget(id: string): void {
    this.#tags.delete(id);
  }

  all(): TagDescription[] {
    return this.#tags
      .keys()
      .flatMap((id) => this.of(id).map((tag) => ({ ...tag, ResourceId: id, ResourceType: typeOf(id) })));
  }
}

/** The tags that a request's TagSpecifications hold for one type of resource. */
export function tagsFor(type: string, specifications: readonly TagSpecification[] | undefined): Tag[] {
  return (specifications ?? []).filter(({ ResourceType }) => ResourceType === type).flatMap(({ Tags }) => Tags ?? []);
}

/** CreateTags, DeleteTags, DescribeTags. */
export function tagHandlers(book: TagBook, exists: (id: string) => boolean): Handlers {
  const requireResources = (ids: readonly string[] | undefined): readonly string[] => {
    for (const id of ids ?? []) if (!exists(id)) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
    return ids ?? [];
  };
  return {
    CreateTags: (input: CreateTagsRequest) => {
      onlyMembers('CreateTags', input, ['Resources', 'Tags']);
      for (const id of requireResources(input.Resources)) book.add(id, input.Tags ?? []);
      return {};
    },
    DeleteTags: (input: DeleteTagsRequest) => {
      onlyMembers('DeleteTags', input, ['Resources', 'Tags']);
      for (const id of requireResources(input.Resources)) book.remove(id, input.Tags ?? book.of(id));
      return {};
    },
    DescribeTags: (input: DescribeTagsRequest) => {
      onlyMembers('DescribeTags', input, ['Filters', 'MaxResults', 'NextToken']);
      const found = filterBy(book.all(), input.Filters, (tag) => ({
        values: {
          'resource-id': [tag.ResourceId],
          'resource-type': [tag.ResourceType],
          key: [tag.Key],
          value: [tag.Value],
        },
        tags: [tag],
      }));
      const { items, ...rest } = pageOf(found, input);
      return { Tags: items, ...rest };
    },
  };
}

function typeOf(id: string): TagDescription['ResourceType'] {
  return (TYPES[id.slice(0, id.lastIndexOf('-'))] ?? 'instance') as TagDescription['ResourceType'];
}
