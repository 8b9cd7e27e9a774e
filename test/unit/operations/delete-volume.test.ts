import { expect, test } from '@jest/globals';
import { deleteVolume } from '../../../lib/operations/node/delete-volume.ts';
import { deployedService } from '../../support/deployed-service.ts';

/** What a function may take is 30 s. */
const invocationMs = 30_000;

test('volumes of a node that EC2 has forgotten are all looked for within one invocation', async () => {
  const world = await deployedService();
  const state = await world.state('kafka');
  if (state === undefined) throw new Error('the service is deployed');
  const forgotten = [1, 2, 3].map((generation) => ({ id: `vol-${generation}`, generation }));
  const leaving = {
    ...state,
    wish: { ...state.wish, uninstall: { keepVolumes: false } },
    goals: state.goals.map((goal) => (goal.nodeId === 0 ? { ...goal, discarded: forgotten } : goal)),
  };
  const looked: string[] = [];
  const describe = async (volumeId: string) => {
    looked.push(volumeId);
    return undefined;
  };
  const { clock, pause } = world.clock;
  const ports = {
    ...{ clock, pause, volumes: { ...world.volumes, describe } },
    store: { ...world.store, readService: async () => leaving },
  };
  const { planId } = state.wish;
  const request = { service: 'kafka', nodeId: 0, kind: 'uninstall', holder: 'execution', planId, stepId: 's' } as const;
  const begun = clock();
  expect(await world.clock.finish(deleteVolume(ports, request))).toEqual({ type: 'done' });
  expect(clock() - begun).toBeLessThan(invocationMs);
  const own = state.goals.find(({ nodeId }) => nodeId === 0)?.volume?.id;
  expect([...new Set(looked)].sort()).toEqual([own, 'vol-1', 'vol-2', 'vol-3'].sort());
});
