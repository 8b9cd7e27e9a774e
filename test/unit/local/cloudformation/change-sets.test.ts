import { describe, expect, test } from '@jest/globals';
import { newFolder, openToys, ToyWorld, toys } from './toy-world.ts';

const PLAN = { StackName: 'Shop', ChangeSetName: 'plan' };

function body(template: object) {
  return { ...PLAN, TemplateBody: JSON.stringify(template) };
}

describe('a change set', () => {
  test('for a new stack puts it under review until it is executed', async () => {
    const world = new ToyWorld();
    const { send, describe: look, atRest } = openToys(world);
    const { Id, StackId } = await send('CreateChangeSet', { ...body(toys({ First: {} })), ChangeSetType: 'CREATE' });
    expect((await look('Shop')).StackStatus).toBe('REVIEW_IN_PROGRESS');
    expect(world.acts).toEqual([]);
    const described = await send('DescribeChangeSet', { ChangeSetName: Id, StackName: StackId });
    expect(described.Status).toBe('CREATE_COMPLETE');
    expect(described.Changes).toEqual([
      {
        Type: 'Resource',
        ResourceChange: {
          Action: 'Add',
          LogicalResourceId: 'First',
          ResourceType: 'Toy::Thing',
          Scope: [],
          Details: [],
        },
      },
    ]);
    await send('ExecuteChangeSet', { ChangeSetName: Id, StackName: StackId, ClientRequestToken: 'once' });
    expect((await atRest('Shop')).StackStatus).toBe('CREATE_COMPLETE');
  });

  test('is executed once, also when the request is repeated', async () => {
    const world = new ToyWorld();
    const { send, atRest } = openToys(world);
    const { Id } = await send('CreateChangeSet', { ...body(toys({ First: {} })), ChangeSetType: 'CREATE' });
    await send('ExecuteChangeSet', { ChangeSetName: Id, ClientRequestToken: 'once' });
    await atRest('Shop');
    expect(world.acts).toEqual(['create First', 'configure First']);
    await expect(send('DescribeChangeSet', PLAN)).rejects.toMatchObject({ name: 'ChangeSetNotFound', status: 404 });
  });

  test('without changes fails in the words that clients know', async () => {
    const { deploy, send } = openToys(new ToyWorld());
    await deploy('Shop', toys({ First: { Size: 1 } }, { Description: 'old words' }));
    await send('CreateChangeSet', body(toys({ First: { Size: 1 } }, { Description: 'new words' })));
    const described = await send('DescribeChangeSet', PLAN);
    expect(described.Status).toBe('FAILED');
    expect(described.StatusReason).toBe(
      "The submitted information didn't contain changes. Submit different information to create a change set.",
    );
    await expect(send('ExecuteChangeSet', PLAN)).rejects.toMatchObject({ name: 'InvalidChangeSetStatus' });
  });

  test('tells what is changed in place, replaced, follows, comes and goes', async () => {
    const { deploy, send } = openToys(new ToyWorld());
    const peer = { Peer: { 'Fn::GetAtt': ['Replaced', 'Arn'] } };
    await deploy(
      'Shop',
      toys({ Changed: { Name: 'c', Size: 1 }, Replaced: { Name: 'r' }, Follower: peer, Gone: { Name: 'g' } }),
    );
    await send(
      'CreateChangeSet',
      body(toys({ Changed: { Name: 'c', Size: 2 }, Replaced: { Name: 'r2' }, Follower: peer, Added: {} })),
    );
    const { Changes } = await send('DescribeChangeSet', { ...PLAN, IncludePropertyValues: true });
    const facts = Changes.map(({ ResourceChange: change }: { ResourceChange: Record<string, unknown> }) => [
      change['LogicalResourceId'],
      change['Action'],
      change['Replacement'],
      change['PolicyAction'],
    ]);
    expect(facts).toEqual([
      ['Changed', 'Modify', 'False', undefined],
      ['Replaced', 'Modify', 'True', 'ReplaceAndDelete'],
      ['Follower', 'Modify', 'False', undefined],
      ['Added', 'Add', undefined, undefined],
      ['Gone', 'Remove', undefined, 'Delete'],
    ]);
    expect(Changes[0].ResourceChange.Details).toEqual([
      {
        Target: {
          Attribute: 'Properties',
          Name: 'Size',
          RequiresRecreation: 'Never',
          Path: '/Properties/Size',
          BeforeValue: '1',
          AfterValue: '2',
          AttributeChangeType: 'Modify',
        },
        Evaluation: 'Static',
        ChangeSource: 'DirectModification',
      },
    ]);
    expect(Changes[2].ResourceChange.Details[0].Target.AfterValue).toBe('{{changeSet:KNOWN_AFTER_APPLY}}');
  });

  test('of outputs alone has no resource changes, but can be executed', async () => {
    const { deploy, send, atRest } = openToys(new ToyWorld());
    await deploy('Shop', toys({ First: { Name: 'one' } }));
    await send(
      'CreateChangeSet',
      body(toys({ First: { Name: 'one' } }, { Outputs: { Id: { Value: { Ref: 'First' } } } })),
    );
    expect(await send('DescribeChangeSet', PLAN)).toMatchObject({ Status: 'CREATE_COMPLETE', Changes: [] });
    await send('ExecuteChangeSet', PLAN);
    expect((await atRest('Shop')).Outputs).toEqual([{ OutputKey: 'Id', OutputValue: 'one' }]);
  });

  test('survives a restart and can be deleted twice', async () => {
    const world = new ToyWorld();
    const first = openToys(world);
    await first.send('CreateChangeSet', { ...body(toys({ First: {} })), ChangeSetType: 'CREATE' });
    const { send } = openToys(world, first.dataFolder);
    expect((await send('DescribeChangeSet', PLAN)).ExecutionStatus).toBe('AVAILABLE');
    await send('DeleteChangeSet', PLAN);
    await send('DeleteChangeSet', PLAN);
    expect((await send('ListChangeSets', { StackName: 'Shop' })).Summaries).toEqual([]);
  });

  test('is refused while the stack is not at rest, and with members that are not done', async () => {
    const world = new ToyWorld();
    const { send, atRest } = openToys(world, newFolder(), 1);
    const template = toys({ First: {} });
    await send('CreateStack', { StackName: 'Shop', TemplateBody: JSON.stringify(template) });
    await atRest('Shop');
    await expect(send('CreateChangeSet', body(template))).rejects.toThrow(
      /is in CREATE_IN_PROGRESS state and can not be updated/,
    );
    await expect(send('CreateChangeSet', { ...body(template), ResourceTypes: ['Toy::*'] })).rejects.toThrow(
      'CreateChangeSet: the member ResourceTypes is not in the local cloud. Leave it out.',
    );
  });

  test('takes over a retained thing whose name exists when it may import', async () => {
    const world = new ToyWorld();
    world.things.set('one', { id: 'one', properties: {} });
    const { send, atRest } = openToys(world);
    const template = toys({ First: { Name: 'one', DeletionPolicy: 'Retain' } });
    await send('CreateChangeSet', { ...body(template), ChangeSetType: 'CREATE', ImportExistingResources: true });
    await send('ExecuteChangeSet', PLAN);
    expect((await atRest('Shop')).StackStatus).toBe('CREATE_COMPLETE');
  });
});
