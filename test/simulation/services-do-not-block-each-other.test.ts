import { expect, jest, test } from '@jest/globals';
import { readStack } from './cloud/stack.ts';
import { noFaults } from './faults/no-faults.ts';
import { watchAll } from './invariants/index.ts';
import { watchSteps } from './run/look.ts';
import { createScene } from './run/scene.ts';
import { unfinished } from './run/services.ts';
import { createHosts, createWorld } from './world.ts';

const minuteMs = 60_000;
/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

test('a service that finds no room keeps no other one waiting, and goes on when another leaves', async () => {
  const world = createWorld({ seed: 'no room', stack: readStack(), hosts: createHosts(3), faults: noFaults });
  const scene = createScene(world);
  watchSteps(world, watchAll(scene));
  const ask = async (name: string, memoryMiB: number) => {
    const options = { service: { name }, brokers: { count: 3, mem: memoryMiB }, controllers: { count: 3 } };
    const answer = scene.send({ method: 'POST', path: '/services', body: { options } });
    await world.clock.pass(minuteMs);
    expect((await answer).status).toBe(202);
  };
  const waitsOf = (name: string) => unfinished(world).filter((what) => what.includes(` of ${name}`));

  await ask('first', 8_000);
  await world.clock.pass(5 * minuteMs);
  expect(waitsOf('first')).toEqual([]);
  // Hosts have 16,384 MiB: beside the first one's 8,000 there is no room for these.
  await ask('large', 12_000);
  await ask('small', 2_048);
  await world.clock.pass(10 * minuteMs);
  expect(waitsOf('small')).toEqual([]);
  expect(waitsOf('large')).not.toEqual([]);

  const leaving = scene.send({ method: 'DELETE', path: '/service/first', query: { confirm: 'first' } });
  await world.clock.pass(20 * minuteMs);
  expect((await leaving).status).toBe(202);
  expect(unfinished(world)).toEqual([]);
  expect(world.violations).toEqual([]);
});
