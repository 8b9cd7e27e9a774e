import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResourceContext, ResourceDriver } from '../../../../local/cloudformation/resource-driver.ts';
import { createCloudformationService } from '../../../../local/cloudformation/service.ts';
import { openCallers } from '../../../../local/core/callers.ts';
import type { CallFunction, Cloud, LocalService } from '../../../../local/core/service.ts';

/** A thing in the toy world: what a service of AWS would hold. */
export interface Toy {
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A process that uses the world until it is killed. */
export interface ToyProcess {
  isAlive: boolean;
  /** Acts that still happen before the process is killed. */
  actsLeft: number;
}

/** A world of things that outlives the service, as the services of a cloud do. */
export class ToyWorld {
  readonly things = new Map<string, Toy>();
  /** What was done, as `create Thing`, in order. */
  readonly acts: string[] = [];
  /** Refuses an act by throwing; it has then not happened. */
  refuse: (act: string) => string | undefined = () => undefined;

  /** An act of a dead process never happens, and one whose process dies meanwhile never answers. */
  async act(process: ToyProcess, name: string, happen: () => void): Promise<void> {
    if (!process.isAlive) return never();
    const refusal = this.refuse(name);
    if (refusal !== undefined) throw new Error(refusal);
    happen();
    this.acts.push(name);
    process.actsLeft -= 1;
    if (process.actsLeft > 0) return;
    process.isAlive = false;
    return never();
  }
}

function never(): Promise<void> {
  return new Promise(() => {});
}

/** Toy::Thing: Name replaces, Size and Peer change in place, Secret is what the driver does not know. */
function toyDriver(world: ToyWorld, process: ToyProcess): ResourceDriver {
  const put = (context: ResourceContext, id: string, verb: string, properties: Readonly<Record<string, unknown>>) =>
    world.act(process, `${verb} ${context.logicalId}`, () => world.things.set(id, { id, properties }));
  return {
    type: 'Toy::Thing',
    properties: ['Name', 'Peer', 'Size', 'Tags'],
    replaceOn: ['Name'],
    nameProperty: 'Name',
    tags: 'list',
    create: async (context, properties) => {
      const id = String(properties['Name'] ?? context.name(40));
      if (world.things.has(id) && !context.isRetry) throw new Error(`${id} exists`);
      await put(context, id, 'create', properties);
      context.remember(id);
      await world.act(process, `configure ${context.logicalId}`, () => {});
      return { physicalId: id, attributes: { Arn: `arn:toy:${id}` } };
    },
    update: async (context, resource, { after }) => {
      await put(context, resource.physicalId, 'update', after);
      return resource;
    },
    delete: (context, resource) =>
      world.act(process, `delete ${context.logicalId}`, () => void world.things.delete(resource.physicalId)),
  };
}

/** A cloud of which only its facts and the given call are there. */
export function toyCloud(call: CallFunction, dataFolder: string = newFolder()): Cloud {
  return {
    region: 'eu-central-1',
    accountId: '111122223333',
    partition: 'aws',
    endpointUrl: 'http://127.0.0.1:21100',
    dataFolder,
    optFolder: dataFolder,
    apiPort: 21_101,
    callers: openCallers(dataFolder, '111122223333'),
    addressPrefix: '127.0',
    call,
    authorizer: { call: () => {}, act: () => {}, note: () => {} },
    emit: () => {},
    log: () => {},
  };
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'cloudformation-'));
}

/** A cloud in which no other service is there. */
const callNothing: CallFunction = async (service, operation) => {
  throw new Error(`${service} ${operation} was not expected`);
};

/** A service over toy things in a process of its own, with a client that calls its handlers. */
export function openToys(world: ToyWorld, dataFolder: string = newFolder(), actsLeft = Number.POSITIVE_INFINITY) {
  const process: ToyProcess = { isAlive: true, actsLeft };
  const cloud = toyCloud(callNothing, dataFolder);
  const service = createCloudformationService(cloud, { drivers: [toyDriver(world, process)] });
  return { dataFolder, service, ...createClient(service, process) };
}

// biome-ignore lint/suspicious/noExplicitAny: what the handlers answer is read member by member
type Answer = any;

/** Calls handlers, and waits until a stack is at rest, or the process is dead and it never will be. */
export function createClient(service: LocalService, process: { readonly isAlive: boolean } = { isAlive: true }) {
  const send = async (operation: string, input: object): Promise<Answer> => {
    const handler = service.handlers[operation];
    if (handler === undefined) throw new Error(`no handler ${operation}`);
    return handler(input, { requestId: 'test', caller: { accessKeyId: 'test', principalArn: 'arn:aws:iam::1:root' } });
  };
  const describe = async (name: string): Promise<Answer> =>
    (await send('DescribeStacks', { StackName: name })).Stacks[0];
  const atRest = async (name: string): Promise<Answer> => {
    for (;;) {
      const stack = await describe(name);
      if (!process.isAlive || !stack.StackStatus.endsWith('_IN_PROGRESS')) return stack;
      await new Promise((settle) => setImmediate(settle));
    }
  };
  const deploy = async (name: string, template: object, more: object = {}): Promise<Answer> => {
    const isThere = await describe(name).then(
      () => true,
      () => false,
    );
    const input = { StackName: name, TemplateBody: JSON.stringify(template), ...more };
    await send(isThere ? 'UpdateStack' : 'CreateStack', input);
    return atRest(name);
  };
  const events = async (name: string): Promise<string[]> => {
    const { StackEvents } = await send('DescribeStackEvents', { StackName: name });
    return StackEvents.map((event: Answer) => `${event.LogicalResourceId} ${event.ResourceStatus}`).reverse();
  };
  return { send, describe, atRest, deploy, events };
}

/** A template of toy things. */
export function toys(resources: Readonly<Record<string, object>>, more: object = {}): object {
  const things = Object.entries(resources).map(([name, properties]) => [name, thing(properties)]);
  return { Resources: Object.fromEntries(things), ...more };
}

function thing(facts: object): object {
  const { DependsOn, DeletionPolicy, UpdateReplacePolicy, ...properties } = facts as Record<string, unknown>;
  return {
    Type: 'Toy::Thing',
    ...(DependsOn === undefined ? {} : { DependsOn }),
    ...(DeletionPolicy === undefined ? {} : { DeletionPolicy }),
    ...(UpdateReplacePolicy === undefined ? {} : { UpdateReplacePolicy }),
    Properties: properties,
  };
}
