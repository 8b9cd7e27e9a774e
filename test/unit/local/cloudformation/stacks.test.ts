import { describe, expect, test } from '@jest/globals';
import { openToys, ToyWorld, toys } from './toy-world.ts';

const peerOf = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });

describe('a stack', () => {
  test('is created in the order of its references and tells every step', async () => {
    const world = new ToyWorld();
    const { deploy, events } = openToys(world);
    const stack = await deploy(
      'Shop',
      toys(
        { Second: { Peer: peerOf('First') }, First: { Name: 'one' } },
        { Outputs: { Arn: { Value: peerOf('First') } } },
      ),
    );
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    expect(stack.Outputs).toEqual([{ OutputKey: 'Arn', OutputValue: 'arn:toy:one' }]);
    expect(world.acts).toEqual(['create First', 'configure First', 'create Second', 'configure Second']);
    expect(await events('Shop')).toEqual([
      'Shop CREATE_IN_PROGRESS',
      'First CREATE_IN_PROGRESS',
      'First CREATE_IN_PROGRESS',
      'First CREATE_COMPLETE',
      'Second CREATE_IN_PROGRESS',
      'Second CREATE_IN_PROGRESS',
      'Second CREATE_COMPLETE',
      'Shop CREATE_COMPLETE',
    ]);
  });

  test('gives a thing without a name one of stack, logical id and a suffix', async () => {
    const world = new ToyWorld();
    const { deploy } = openToys(world);
    await deploy('Shop', toys({ First: {} }));
    expect([...world.things.keys()]).toEqual([expect.stringMatching(/^Shop-First-[A-Z0-9]{12}$/)]);
  });

  test('whose creation fails is taken down again, in the opposite order', async () => {
    const world = new ToyWorld();
    world.refuse = (act) => (act === 'configure Third' ? 'out of luck' : undefined);
    const { deploy, events } = openToys(world);
    const stack = await deploy(
      'Shop',
      toys({ First: {}, Second: { DependsOn: 'First' }, Third: { DependsOn: 'Second' } }),
    );
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(world.things.size).toBe(0);
    expect(world.acts.slice(-3)).toEqual(['delete Third', 'delete Second', 'delete First']);
    expect(await events('Shop')).toContain('Third CREATE_FAILED');
  });

  test('whose creation fails stays as it is when roll-back is disabled', async () => {
    const world = new ToyWorld();
    world.refuse = (act) => (act === 'create Second' ? 'out of luck' : undefined);
    const { deploy } = openToys(world);
    const stack = await deploy('Shop', toys({ First: {}, Second: { DependsOn: 'First' } }), { DisableRollback: true });
    expect(stack.StackStatus).toBe('CREATE_FAILED');
    expect(stack.StackStatusReason).toBe('The following resource(s) failed to create: [Second]. ');
    expect(world.things.size).toBe(1);
  });

  test('fails by the name of a property that a driver does not know', async () => {
    const { deploy, send } = openToys(new ToyWorld());
    await deploy('Shop', toys({ First: { Colour: 'red' } }));
    const { StackEvents } = await send('DescribeStackEvents', { StackName: 'Shop' });
    const failed = StackEvents.find((event: { ResourceStatus: string }) => event.ResourceStatus === 'CREATE_FAILED');
    expect(failed.ResourceStatusReason).toBe(
      'Property Colour of Toy::Thing is not done by the local cloud, which does Name, Peer, Size, Tags.',
    );
  });

  test('changes only what changed, in place', async () => {
    const world = new ToyWorld();
    const { deploy } = openToys(world);
    await deploy('Shop', toys({ First: { Name: 'one', Size: 1 }, Second: { Name: 'two' } }));
    world.acts.length = 0;
    const stack = await deploy('Shop', toys({ First: { Name: 'one', Size: 2 }, Second: { Name: 'two' } }));
    expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
    expect(world.acts).toEqual(['update First']);
    expect(world.things.get('one')?.properties).toEqual({ Name: 'one', Size: 2 });
  });

  test('replaces first, lets dependents follow, and removes the old thing last', async () => {
    const world = new ToyWorld();
    const { deploy } = openToys(world);
    await deploy('Shop', toys({ First: { Name: 'one' }, Second: { Name: 'two', Peer: peerOf('First') } }));
    world.acts.length = 0;
    await deploy('Shop', toys({ First: { Name: 'uno' }, Second: { Name: 'two', Peer: peerOf('First') } }));
    expect(world.acts).toEqual(['create First', 'configure First', 'update Second', 'delete First']);
    expect([...world.things.keys()]).toEqual(['two', 'uno']);
    expect(world.things.get('two')?.properties).toEqual({ Name: 'two', Peer: 'arn:toy:uno' });
  });

  test('keeps a replaced thing whose policy says so', async () => {
    const world = new ToyWorld();
    const { deploy } = openToys(world);
    await deploy('Shop', toys({ First: { Name: 'one', UpdateReplacePolicy: 'Retain' } }));
    await deploy('Shop', toys({ First: { Name: 'uno', UpdateReplacePolicy: 'Retain' } }));
    expect([...world.things.keys()]).toEqual(['one', 'uno']);
  });

  test('adds and removes resources as the template does', async () => {
    const world = new ToyWorld();
    const { deploy, send } = openToys(world);
    await deploy('Shop', toys({ First: { Name: 'one' }, Second: { Name: 'two', DependsOn: 'First' } }));
    await deploy('Shop', toys({ Third: { Name: 'three' } }));
    expect([...world.things.keys()]).toEqual(['three']);
    expect(world.acts.slice(-2)).toEqual(['delete Second', 'delete First']);
    const { StackResourceSummaries } = await send('ListStackResources', { StackName: 'Shop' });
    expect(StackResourceSummaries).toHaveLength(1);
  });

  test('goes back to what it was when an update fails', async () => {
    const world = new ToyWorld();
    const { deploy, send } = openToys(world);
    const before = toys({ Changed: { Name: 'c', Size: 1 }, Replaced: { Name: 'r' }, Gone: { Name: 'g' } });
    await deploy('Shop', before);
    const was = new Map(world.things);
    world.refuse = (act) => (act === 'create Failing' ? 'out of luck' : undefined);
    const after = toys({
      Changed: { Name: 'c', Size: 2 },
      Replaced: { Name: 'r2' },
      Added: { Name: 'a' },
      Failing: { DependsOn: ['Changed', 'Replaced', 'Added'] },
    });
    const stack = await deploy('Shop', after);
    expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(world.things).toEqual(was);
    const { TemplateBody } = await send('GetTemplate', { StackName: 'Shop' });
    expect(JSON.parse(TemplateBody)).toEqual(before);
  });

  test('whose roll-back fails is mended by continuing it', async () => {
    const world = new ToyWorld();
    const { deploy, send, atRest } = openToys(world);
    await deploy('Shop', toys({ First: { Name: 'one', Size: 1 } }));
    let updates = 0;
    world.refuse = (act) => {
      if (act === 'create Second') return 'out of luck';
      if (act !== 'update First') return undefined;
      updates += 1;
      return updates === 2 ? 'stuck' : undefined;
    };
    const failed = await deploy('Shop', toys({ First: { Name: 'one', Size: 2 }, Second: { DependsOn: 'First' } }));
    expect(failed.StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
    await send('ContinueUpdateRollback', { StackName: 'Shop' });
    expect((await atRest('Shop')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(world.things.get('one')?.properties).toEqual({ Name: 'one', Size: 1 });
  });

  test('cannot replace a thing under its own name', async () => {
    const world = new ToyWorld();
    const { deploy, send } = openToys(world);
    await deploy('Shop', toys({ First: { Name: 'one' } }));
    const other = { Resources: { First: { Type: 'Toy::Thing', Properties: { Name: 'one', Size: 1 } } } };
    expect((await deploy('Shop', other)).StackStatus).toBe('UPDATE_COMPLETE');
    await expect(deploy('Shop', other)).rejects.toThrow('No updates are to be performed.');
    await expect(send('DescribeStacks', { StackName: 'Other' })).rejects.toThrow('Stack with id Other does not exist');
  });

  test('passes its tags on to the things that take tags', async () => {
    const world = new ToyWorld();
    const { deploy } = openToys(world);
    await deploy(
      'Shop',
      toys({ First: { Name: 'one', Tags: [{ Key: 'team', Value: 'own' }] }, Second: { Name: 'two' } }),
      {
        Tags: [{ Key: 'team', Value: 'kafka' }],
      },
    );
    expect(world.things.get('one')?.properties['Tags']).toEqual([{ Key: 'team', Value: 'own' }]);
    expect(world.things.get('two')?.properties['Tags']).toEqual([{ Key: 'team', Value: 'kafka' }]);
  });
});

describe('the deletion of a stack', () => {
  test('removes everything but what is retained', async () => {
    const world = new ToyWorld();
    const { deploy, send, atRest, events } = openToys(world);
    const { StackId } = await deploy(
      'Shop',
      toys({ First: { Name: 'one', DeletionPolicy: 'Retain' }, Second: { DependsOn: 'First' } }),
    );
    await send('DeleteStack', { StackName: 'Shop' });
    expect((await atRest(StackId)).StackStatus).toBe('DELETE_COMPLETE');
    expect([...world.things.keys()]).toEqual(['one']);
    expect(await events(StackId)).toContain('First DELETE_SKIPPED');
    await expect(send('DescribeStacks', { StackName: 'Shop' })).rejects.toThrow('Stack with id Shop does not exist');
  });

  test('is refused while the stack is protected', async () => {
    const { deploy, send, describe: look } = openToys(new ToyWorld());
    await deploy('Shop', toys({ First: {} }));
    await send('UpdateTerminationProtection', { StackName: 'Shop', EnableTerminationProtection: true });
    await expect(send('DeleteStack', { StackName: 'Shop' })).rejects.toThrow(
      'Stack [Shop] cannot be deleted while TerminationProtection is enabled',
    );
    expect((await look('Shop')).StackStatus).toBe('CREATE_COMPLETE');
  });

  test('fails while another stack imports what it exports', async () => {
    const { deploy, send, atRest } = openToys(new ToyWorld());
    const Outputs = { Arn: { Value: peerOf('First'), Export: { Name: 'shop-arn' } } };
    await deploy('Shop', toys({ First: { Name: 'one' } }, { Outputs }));
    await deploy('Till', toys({ Other: { Peer: { 'Fn::ImportValue': 'shop-arn' } } }));
    await send('DeleteStack', { StackName: 'Shop' });
    const stack = await atRest('Shop');
    expect(stack.StackStatus).toBe('DELETE_FAILED');
    expect(stack.StackStatusReason).toBe('Export shop-arn cannot be deleted as it is in use by Till');
  });

  test('goes on with the others when one thing cannot be deleted', async () => {
    const world = new ToyWorld();
    const { deploy, send, atRest } = openToys(world);
    await deploy('Shop', toys({ First: { Name: 'one' }, Second: { Name: 'two' } }));
    world.refuse = (act) => (act === 'delete First' ? 'stuck' : undefined);
    await send('DeleteStack', { StackName: 'Shop' });
    const stack = await atRest('Shop');
    expect(stack.StackStatus).toBe('DELETE_FAILED');
    expect(stack.StackStatusReason).toBe('The following resource(s) failed to delete: [First]. ');
    expect([...world.things.keys()]).toEqual(['one']);
  });
});
