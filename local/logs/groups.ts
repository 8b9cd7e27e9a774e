import type {
  CreateLogGroupRequest,
  DeleteLogGroupRequest,
  DeleteRetentionPolicyRequest,
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  ListTagsForResourceRequest,
  LogGroup,
  PutRetentionPolicyRequest,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import { findGroup, groupArn, groupNameOf, type LogGroupRecord, type LogStore, streamsOf } from './log-store.ts';

const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** The operations on log groups. */
export function createGroupHandlers(store: LogStore): Handlers {
  return {
    CreateLogGroup: (input: CreateLogGroupRequest) => createGroup(store, input),
    DeleteLogGroup: (input: DeleteLogGroupRequest) => deleteGroup(store, input),
    DescribeLogGroups: (input: DescribeLogGroupsRequest) => describeGroups(store, input),
    PutRetentionPolicy: (input: PutRetentionPolicyRequest) => putRetention(store, input),
    DeleteRetentionPolicy: (input: DeleteRetentionPolicyRequest) => {
      const { retentionDays: _, ...group } = findGroup(store, input.logGroupName ?? '');
      store.groups.set(group.name, group);
      return {};
    },
    TagResource: (input: TagResourceRequest) => {
      const group = findGroup(store, groupNameOf(undefined, input.resourceArn));
      store.groups.set(group.name, { ...group, tags: { ...group.tags, ...input.tags } });
      return {};
    },
    UntagResource: (input: UntagResourceRequest) => {
      const group = findGroup(store, groupNameOf(undefined, input.resourceArn));
      const kept = Object.entries(group.tags).filter(([key]) => !input.tagKeys?.includes(key));
      store.groups.set(group.name, { ...group, tags: Object.fromEntries(kept) });
      return {};
    },
    ListTagsForResource: (input: ListTagsForResourceRequest) => ({
      tags: findGroup(store, groupNameOf(undefined, input.resourceArn)).tags,
    }),
  };
}

function createGroup(store: LogStore, input: CreateLogGroupRequest): object {
  refuseMembers(input, { operation: 'logs CreateLogGroup', members: ['logGroupName', 'tags', 'logGroupClass'] });
  const name = input.logGroupName ?? '';
  if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) {
    throw new AwsError(
      'InvalidParameterException',
      `Value '${name}' at 'logGroupName' failed to satisfy constraint: 1 to 512 of the characters a-z A-Z 0-9 . - _ / #`,
    );
  }
  if (input.logGroupClass !== undefined && input.logGroupClass !== 'STANDARD') {
    throw new AwsError(
      'UnsupportedOperation',
      `logGroupClass ${input.logGroupClass}: the local cloud has STANDARD only.`,
    );
  }
  if (store.groups.has(name)) {
    throw new AwsError('ResourceAlreadyExistsException', `The specified log group already exists: ${name}`);
  }
  store.groups.set(name, { name, createdAt: store.now(), tags: { ...input.tags } });
  return {};
}

function deleteGroup(store: LogStore, input: DeleteLogGroupRequest): object {
  const group = findGroup(store, input.logGroupName ?? '');
  for (const stream of streamsOf(store, group.name)) store.removeStream(stream);
  store.groups.delete(group.name);
  return {};
}

function describeGroups(store: LogStore, input: DescribeLogGroupsRequest): DescribeLogGroupsResponse {
  refuseMembers(input, {
    operation: 'logs DescribeLogGroups',
    members: ['logGroupNamePrefix', 'logGroupNamePattern', 'logGroupIdentifiers', 'nextToken', 'limit'],
  });
  const wanted = input.logGroupIdentifiers?.map((identifier) => groupNameOf(undefined, identifier));
  const found = store.groups
    .values()
    .filter((group) => group.name.startsWith(input.logGroupNamePrefix ?? ''))
    .filter((group) => group.name.toLowerCase().includes(input.logGroupNamePattern?.toLowerCase() ?? ''))
    .filter((group) => wanted === undefined || wanted.includes(group.name))
    .filter((group) => input.nextToken === undefined || group.name > input.nextToken)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = found.slice(0, input.limit ?? 50);
  const last = page.at(-1);
  return {
    logGroups: page.map((group) => describeGroup(store, group)),
    ...(found.length > page.length && last !== undefined ? { nextToken: last.name } : {}),
  };
}

function describeGroup(store: LogStore, group: LogGroupRecord): LogGroup {
  const arn = groupArn(store, group.name);
  const sizes = streamsOf(store, group.name).map((stream) => store.file(stream).summary().storedBytes);
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    ...(group.retentionDays === undefined ? {} : { retentionInDays: group.retentionDays }),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    logGroupArn: arn,
    logGroupClass: 'STANDARD',
    storedBytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
  };
}

function putRetention(store: LogStore, input: PutRetentionPolicyRequest): object {
  const group = findGroup(store, input.logGroupName ?? '');
  const days = input.retentionInDays ?? 0;
  if (!RETENTION_DAYS.includes(days)) {
    throw new AwsError(
      'InvalidParameterException',
      `retentionInDays ${days} is not allowed; it is one of ${RETENTION_DAYS.join(', ')}.`,
    );
  }
  store.groups.set(group.name, { ...group, retentionDays: days });
  return {};
}
