import { expect, test } from '@jest/globals';
import { keepRoomForRestart } from '../../../lib/operations/node/room-for-restart.ts';
import type { Store } from '../../../lib/ports/store.ts';
import { config, creation, goal, lease, promise } from '../../contract/store-records.ts';
import { createMemoryStore } from '../../support/memory-store.ts';

const host = { instanceId: 'i-1', containerInstanceArn: 'arn', address: '10.0.0.1', zone: 'a' };
/** The brokers of the config need 2,048 MiB. */
const of = { cpuUnits: 4096, memoryMiB: 3584 };

/** A service whose broker 0 was placed on the host for 1,024 MiB. */
async function placed(store: Store, service: string): Promise<void> {
  const options = { ...config.options, service: { ...config.options.service, name: service } };
  await store.createService({ ...creation(service, []), config: { ...config, options } });
  await store.takeLease({ lease: lease(service), withSlot: false });
  const { version } = await store.readHostPromises();
  const small = { ...promise(service, 0, host.instanceId), memoryMiB: 1024, of };
  expect(await store.placeNode({ goal: goal(service, { host }), lease: lease(service), promise: small, version })).toBe(
    true,
  );
}

async function keep(store: Store, service: string) {
  const state = await store.readService(service);
  if (state === undefined) throw new Error('the service is there');
  const request = { service, nodeId: 0, kind: 'plan', holder: 'execution-1', planId: `plan of ${service}` } as const;
  return keepRoomForRestart({ store }, state, request);
}

async function kept(store: Store): Promise<readonly string[]> {
  const { promises } = await store.readHostPromises();
  return promises
    .map(({ service, memoryMiB, placedFor }) => `${service} ${memoryMiB} of ${placedFor?.memoryMiB}`)
    .sort();
}

test('of two services that look at the same room one gets it, and the other one must not stop its node', async () => {
  const store = createMemoryStore();
  for (const service of ['kafka', 'orders']) await placed(store, service);
  const [one, other] = await Promise.all([keep(store, 'kafka'), keep(store, 'orders')]);
  expect([one?.type, other?.type]).toEqual([undefined, 'turn']);
  expect(await keep(store, 'orders')).toMatchObject({
    ...{ type: 'capacity', hosts: [{ instanceId: 'i-1' }] },
  });
  expect(await keep(store, 'kafka')).toBeUndefined();
  expect(await kept(store)).toEqual(['kafka 2048 of 1024', 'orders 1024 of undefined']);
});

test('a plan that is not the wish any more keeps no room', async () => {
  const store = createMemoryStore();
  await placed(store, 'kafka');
  const state = await store.readService('kafka');
  if (state === undefined) throw new Error('the service is there');
  const request = {
    service: 'kafka',
    nodeId: 0,
    kind: 'plan',
    holder: 'execution-1',
    planId: 'an older plan',
  } as const;
  expect((await keepRoomForRestart({ store }, state, request))?.type).toBe('turn');
  expect(await kept(store)).toEqual(['kafka 1024 of undefined']);
});
