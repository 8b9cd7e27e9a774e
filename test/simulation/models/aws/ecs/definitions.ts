import type {
  DeregisterTaskDefinitionCommandInput,
  DescribeTaskDefinitionCommandInput,
  ListTaskDefinitionsCommandInput,
  RegisterTaskDefinitionCommandInput,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { copyOf } from '../copy.ts';
import { failure, onlyMembers } from '../failure.ts';
import { lastPart } from '../ids.ts';
import type { Operation } from '../modelled-service.ts';
import { checkDefinition } from './definition-rules.ts';
import { pageOf } from './page.ts';
import type { DefinitionRecord } from './records.ts';

/** Task definitions: families of numbered revisions that never change; numbers are never used again. */
export class Definitions {
  readonly #arnPrefix: string;
  readonly #now: () => number;
  readonly #byArn = new Map<string, DefinitionRecord>();
  readonly #lastRevisions = new Map<string, number>();

  constructor(options: { readonly arnPrefix: string; readonly now: () => number }) {
    this.#arnPrefix = options.arnPrefix;
    this.#now = options.now;
  }

  get operations(): Readonly<Record<string, Operation>> {
    return {
      RegisterTaskDefinition: (input: RegisterTaskDefinitionCommandInput) => {
        const record = this.#register(copyOf(input));
        return { taskDefinition: showDefinition(record), tags: record.tags };
      },
      DescribeTaskDefinition: (input: DescribeTaskDefinitionCommandInput) => {
        onlyMembers('ecs DescribeTaskDefinition', input, ['taskDefinition', 'include']);
        const record = this.require(input.taskDefinition ?? '');
        const hasTags = input.include?.includes('TAGS') === true;
        return { taskDefinition: showDefinition(record), ...(hasTags ? { tags: record.tags } : {}) };
      },
      DeregisterTaskDefinition: (input: DeregisterTaskDefinitionCommandInput) => {
        onlyMembers('ecs DeregisterTaskDefinition', input, ['taskDefinition']);
        const record = this.#requireRevision(input.taskDefinition ?? '');
        if (record.status !== 'ACTIVE')
          throw failure(
            'ClientException',
            'The specified task definition is inactive. Specify an active task definition and try again.',
          );
        const changed: DefinitionRecord = { ...record, status: 'INACTIVE', deregisteredAt: this.#now() };
        this.#byArn.set(record.arn, changed);
        return { taskDefinition: showDefinition(changed) };
      },
      ListTaskDefinitions: (input: ListTaskDefinitionsCommandInput) => this.#list(input),
    };
  }

  all(): readonly DefinitionRecord[] {
    return [...this.#byArn.values()];
  }

  /** By family (its newest active revision), family:revision or ARN. @throws ServiceError ClientException */
  require(nameOrArn: string): DefinitionRecord {
    const name = lastPart(nameOrArn);
    if (name.includes(':')) return this.#requireRevision(nameOrArn);
    const newest = this.all()
      .filter(({ family, status }) => family === name && status === 'ACTIVE')
      .at(-1);
    if (newest === undefined)
      throw failure('ClientException', `Unable to describe task definition: '${nameOrArn}' has no active revision.`);
    return newest;
  }

  #requireRevision(nameOrArn: string): DefinitionRecord {
    const record = this.#byArn.get(`${this.#arnPrefix}:task-definition/${lastPart(nameOrArn)}`);
    if (record === undefined)
      throw failure(
        'ClientException',
        `Unable to describe task definition: '${nameOrArn}' does not exist; give family:revision or an ARN.`,
      );
    return record;
  }

  #register(input: RegisterTaskDefinitionCommandInput): DefinitionRecord {
    const container = checkDefinition(input);
    const { tags = [], family = '', ...rest } = input;
    const revision = (this.#lastRevisions.get(family) ?? 0) + 1;
    const arn = `${this.#arnPrefix}:task-definition/${family}:${revision}`;
    const shownContainer = {
      ...container,
      cpu: container.cpu ?? 0,
      essential: true,
      environment: [],
      mountPoints: container.mountPoints ?? [],
      portMappings: (container.portMappings ?? []).map(({ containerPort, protocol = 'tcp' }) => ({
        ...(containerPort === undefined ? {} : { containerPort, hostPort: containerPort }),
        protocol,
      })),
      volumesFrom: [],
    };
    const record: DefinitionRecord = {
      arn,
      family,
      revision,
      container,
      tags,
      definition: {
        ...rest,
        family,
        revision,
        taskDefinitionArn: arn,
        volumes: rest.volumes ?? [],
        placementConstraints: [],
        compatibilities: ['EC2'],
        requiresAttributes: [],
        containerDefinitions: [shownContainer],
      },
      status: 'ACTIVE',
      registeredAt: this.#now(),
    };
    this.#lastRevisions.set(family, revision);
    this.#byArn.set(arn, record);
    return record;
  }

  #list(input: ListTaskDefinitionsCommandInput): object {
    onlyMembers('ecs ListTaskDefinitions', input, ['familyPrefix', 'status', 'maxResults', 'nextToken']);
    const { familyPrefix = '', status = 'ACTIVE' } = input;
    const found = this.all()
      .filter((one) => one.status === status && one.family.startsWith(familyPrefix))
      .toSorted((left, right) =>
        left.family === right.family ? left.revision - right.revision : left.family < right.family ? -1 : 1,
      );
    const { items, ...rest } = pageOf(found, input);
    return { taskDefinitionArns: items.map(({ arn }) => arn), ...rest };
  }
}

function showDefinition(record: DefinitionRecord): TaskDefinition {
  const { definition, status, registeredAt, deregisteredAt } = record;
  return {
    ...definition,
    status,
    registeredAt: new Date(registeredAt),
    ...(deregisteredAt === undefined ? {} : { deregisteredAt: new Date(deregisteredAt) }),
  };
}
