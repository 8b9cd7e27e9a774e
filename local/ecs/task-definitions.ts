import type {
  DeleteTaskDefinitionsRequest,
  DescribeTaskDefinitionRequest,
  ListTaskDefinitionFamiliesRequest,
  ListTaskDefinitionsRequest,
  RegisterTaskDefinitionRequest,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../core/aws-error.ts';
import type { CallContext, Cloud, Handlers } from '../core/service.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import { checkDefinition } from './definition-rules.ts';
import { pageOf } from './page.ts';
import type { DefinitionRecord } from './records.ts';
import { arnOf, type EcsStore, lastPart } from './store.ts';

/** Task definitions: families of numbered revisions that never change. */
export function taskDefinitionHandlers(cloud: Cloud, store: EcsStore): Handlers {
  return {
    RegisterTaskDefinition: (input: RegisterTaskDefinitionRequest, { caller }: CallContext) => {
      const record = register(cloud, store, { input, by: caller.principalArn });
      return { taskDefinition: showDefinition(record), tags: [...(store.tags.get(record.arn) ?? [])] };
    },
    DescribeTaskDefinition: (input: DescribeTaskDefinitionRequest) => {
      onlyMembers('DescribeTaskDefinition', input, ['taskDefinition', 'include']);
      const record = requireDefinition(store, input.taskDefinition ?? '');
      const tags = input.include?.includes('TAGS') ? [...(store.tags.get(record.arn) ?? [])] : undefined;
      return { taskDefinition: showDefinition(record), ...(tags !== undefined && { tags }) };
    },
    DeregisterTaskDefinition: (input: { readonly taskDefinition?: string }) => {
      const record = requireRevision(store, input.taskDefinition ?? '');
      if (record.status !== 'ACTIVE')
        throw new AwsError(
          'ClientException',
          'The specified task definition is inactive. Specify an active task definition and try again.',
        );
      const changed: DefinitionRecord = { ...record, status: 'INACTIVE', deregisteredAt: Date.now() };
      store.definitions.set(record.arn, changed);
      return { taskDefinition: showDefinition(changed) };
    },
    DeleteTaskDefinitions: (input: DeleteTaskDefinitionsRequest) => deleteDefinitions(store, input),
    ListTaskDefinitions: (input: ListTaskDefinitionsRequest) => {
      onlyMembers('ListTaskDefinitions', input, ['familyPrefix', 'status', 'sort', 'maxResults', 'nextToken']);
      const { familyPrefix = '', status = 'ACTIVE', sort = 'ASC' } = input;
      const found = store.definitions
        .values()
        .filter((one) => one.status === status && one.definition.family?.startsWith(familyPrefix))
        .toSorted(byFamilyAndRevision);
      const { items, ...rest } = pageOf(sort === 'DESC' ? found.toReversed() : found, input);
      return { taskDefinitionArns: items.map(({ arn }) => arn), ...rest };
    },
    ListTaskDefinitionFamilies: (input: ListTaskDefinitionFamiliesRequest) => {
      onlyMembers('ListTaskDefinitionFamilies', input, ['familyPrefix', 'status', 'maxResults', 'nextToken']);
      const { familyPrefix = '', status = 'ALL' } = input;
      const families = store.revisions.keys().filter((family) => family.startsWith(familyPrefix));
      const isActive = (family: string): boolean => newestActive(store, family) !== undefined;
      const found = families
        .filter((family) => status === 'ALL' || isActive(family) === (status === 'ACTIVE'))
        .toSorted();
      const { items, ...rest } = pageOf(found, input);
      return { families: items, ...rest };
    },
  };
}

/**
 * The revision that a family, `family:revision` or ARN names; the family alone means its newest active one.
 * @throws AwsError ClientException
 */
export function requireDefinition(store: EcsStore, nameOrArn: string): DefinitionRecord {
  const name = lastPart(nameOrArn);
  if (name.includes(':')) return requireRevision(store, nameOrArn);
  const record = newestActive(store, name);
  if (record === undefined)
    throw new AwsError('ClientException', `Unable to describe task definition: '${nameOrArn}' has no active revision.`);
  return record;
}

/** A definition as DescribeTaskDefinition shows it. */
function showDefinition(record: DefinitionRecord): TaskDefinition {
  return {
    ...record.definition,
    status: record.status,
    registeredAt: new Date(record.registeredAt),
    ...(record.deregisteredAt !== undefined && { deregisteredAt: new Date(record.deregisteredAt) }),
  };
}

function register(
  cloud: Cloud,
  store: EcsStore,
  request: { readonly input: RegisterTaskDefinitionRequest; readonly by: string },
): DefinitionRecord {
  const { input, by } = request;
  checkDefinition(input);
  const { tags = [], family = '', ...rest } = input;
  const revision = (store.revisions.get(family) ?? 0) + 1;
  const arn = arnOf(cloud, `task-definition/${family}:${revision}`);
  const record: DefinitionRecord = {
    arn,
    definition: {
      ...rest,
      family,
      revision,
      taskDefinitionArn: arn,
      registeredBy: by,
      compatibilities: ['EC2'],
      requiresAttributes: [],
      volumes: rest.volumes ?? [],
      placementConstraints: rest.placementConstraints ?? [],
      // ECS answers these members also when they were not given.
      containerDefinitions: (rest.containerDefinitions ?? []).map((one) => ({
        ...one,
        cpu: one.cpu ?? 0,
        essential: one.essential ?? true,
        environment: one.environment ?? [],
        mountPoints: one.mountPoints ?? [],
        portMappings: (one.portMappings ?? []).map((port) => ({
          ...port,
          hostPort: port.containerPort,
          protocol: port.protocol ?? 'tcp',
        })),
        volumesFrom: [],
      })),
    },
    status: 'ACTIVE',
    registeredAt: Date.now(),
    registeredBy: by,
  };
  store.revisions.set(family, revision);
  store.tags.set(arn, tags);
  store.definitions.set(arn, record);
  return record;
}

function deleteDefinitions(store: EcsStore, input: DeleteTaskDefinitionsRequest): object {
  const wanted = (input.taskDefinitions ?? []).map((name) => ({ name, record: findRevision(store, name) }));
  const failures = wanted.flatMap(({ name, record }) => {
    if (record === undefined) return [{ arn: name, reason: 'MISSING' }];
    return record.status === 'ACTIVE'
      ? [
          {
            arn: record.arn,
            reason:
              'The specified task definition is still in ACTIVE status. Please deregister the target and try again.',
          },
        ]
      : [];
  });
  const deleted = wanted.flatMap(({ record }) => (record === undefined || record.status === 'ACTIVE' ? [] : [record]));
  const inUse = new Set(
    store.tasks.values().flatMap((task) => (task.lastStatus === 'STOPPED' ? [] : [task.definitionArn])),
  );
  for (const record of deleted) {
    // As on AWS it stays until its tasks have ended; nothing can be started from it any more.
    if (inUse.has(record.arn)) store.definitions.set(record.arn, { ...record, status: 'DELETE_IN_PROGRESS' });
    else store.definitions.delete(record.arn);
  }
  return {
    taskDefinitions: deleted.map((record) => showDefinition({ ...record, status: 'DELETE_IN_PROGRESS' })),
    failures,
  };
}

function requireRevision(store: EcsStore, nameOrArn: string): DefinitionRecord {
  const record = findRevision(store, nameOrArn);
  if (record === undefined)
    throw new AwsError(
      'ClientException',
      `Unable to describe task definition: '${nameOrArn}' does not exist; give family:revision or an ARN.`,
    );
  return record;
}

function findRevision(store: EcsStore, nameOrArn: string): DefinitionRecord | undefined {
  return store.definitions.values().find(({ arn }) => lastPart(arn) === lastPart(nameOrArn));
}

function newestActive(store: EcsStore, family: string): DefinitionRecord | undefined {
  return store.definitions
    .values()
    .filter(({ definition, status }) => definition.family === family && status === 'ACTIVE')
    .toSorted(byFamilyAndRevision)
    .at(-1);
}

function byFamilyAndRevision(a: DefinitionRecord, b: DefinitionRecord): number {
  const [first = '', second = ''] = [a.definition.family, b.definition.family];
  return first === second ? (a.definition.revision ?? 0) - (b.definition.revision ?? 0) : first < second ? -1 : 1;
}
