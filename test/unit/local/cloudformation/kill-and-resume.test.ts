import { describe, expect, test } from '@jest/globals';
import { newFolder, openToys, ToyWorld, toys } from './toy-world.ts';

const BEFORE = toys({
  Changed: { Name: 'c', Size: 1 },
  Replaced: { Name: 'r' },
  Follower: { Peer: { Ref: 'Replaced' } },
  Gone: { DependsOn: 'Changed' },
});
const AFTER = toys({
  Changed: { Name: 'c', Size: 2 },
  Replaced: { Name: 'r2' },
  Follower: { Peer: { Ref: 'Replaced' } },
  Added: { DependsOn: 'Follower' },
});

/** What the world holds, without the random part of names. */
function contents(world: ToyWorld): readonly string[] {
  const plain = (text: string) => text.replace(/[A-Z0-9]{12}$/, '*');
  return [...world.things.values()].map(({ id, properties }) => `${plain(id)} ${JSON.stringify(properties)}`).sort();
}

/** Runs a step with a process that dies after some acts, then with a second process that resumes. */
async function dieAndResume(
  world: ToyWorld,
  dataFolder: string,
  run: { readonly acts: number; readonly begin: (client: Toys) => Promise<unknown> },
): Promise<Toys> {
  await run.begin(openToys(world, dataFolder, run.acts));
  const second = openToys(world, dataFolder);
  await second.service.start?.();
  return second;
}

type Toys = ReturnType<typeof openToys>;

const STACK = { StackName: 'Shop' };

describe('an operation that is cut off by the death of the process', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'creates each thing once when it dies after act %i of a creation',
    async (acts) => {
      const world = new ToyWorld();
      const client = await dieAndResume(world, newFolder(), { acts, begin: ({ deploy }) => deploy('Shop', BEFORE) });
      expect((await client.atRest('Shop')).StackStatus).toBe('CREATE_COMPLETE');
      expect(contents(world)).toEqual([
        'Shop-Follower-* {"Peer":"r"}',
        'Shop-Gone-* {}',
        'c {"Name":"c","Size":1}',
        'r {"Name":"r"}',
      ]);
    },
  );

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('finishes an update when it dies after act %i', async (acts) => {
    const world = new ToyWorld();
    const dataFolder = newFolder();
    await openToys(world, dataFolder).deploy('Shop', BEFORE);
    const client = await dieAndResume(world, dataFolder, { acts, begin: ({ deploy }) => deploy('Shop', AFTER) });
    expect((await client.atRest('Shop')).StackStatus).toBe('UPDATE_COMPLETE');
    expect(contents(world)).toEqual([
      'Shop-Added-* {}',
      'Shop-Follower-* {"Peer":"r2"}',
      'c {"Name":"c","Size":2}',
      'r2 {"Name":"r2"}',
    ]);
  });

  test.each([1, 2, 3, 4, 5, 6, 7])('rolls a failing update back when it dies after act %i', async (acts) => {
    const world = new ToyWorld();
    const dataFolder = newFolder();
    await openToys(world, dataFolder).deploy('Shop', BEFORE);
    const was = contents(world);
    world.refuse = (act) => (act === 'configure Added' ? 'out of luck' : undefined);
    const client = await dieAndResume(world, dataFolder, { acts, begin: ({ deploy }) => deploy('Shop', AFTER) });
    expect((await client.atRest('Shop')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(contents(world)).toEqual(was);
  });

  test.each([1, 2, 3, 4])('deletes everything when it dies after act %i of a deletion', async (acts) => {
    const world = new ToyWorld();
    const dataFolder = newFolder();
    const { StackId } = await openToys(world, dataFolder).deploy('Shop', BEFORE);
    const client = await dieAndResume(world, dataFolder, {
      acts,
      begin: async ({ send, atRest }) => {
        await send('DeleteStack', STACK);
        await atRest(StackId);
      },
    });
    expect((await client.atRest(StackId)).StackStatus).toBe('DELETE_COMPLETE');
    expect(contents(world)).toEqual([]);
  });

  test('is the same stack afterwards: the next update sees no changes', async () => {
    const world = new ToyWorld();
    const client = await dieAndResume(world, newFolder(), { acts: 3, begin: ({ deploy }) => deploy('Shop', BEFORE) });
    await client.atRest('Shop');
    await expect(client.deploy('Shop', BEFORE)).rejects.toThrow('No updates are to be performed.');
  });

  test('goes on after a graceful stop as well', async () => {
    const world = new ToyWorld();
    const dataFolder = newFolder();
    const first = openToys(world, dataFolder);
    await first.send('CreateStack', { ...STACK, TemplateBody: JSON.stringify(BEFORE) });
    await first.service.stop?.();
    const second = openToys(world, dataFolder);
    await second.service.start?.();
    expect((await second.atRest('Shop')).StackStatus).toBe('CREATE_COMPLETE');
    expect(world.things.size).toBe(4);
  });
});
