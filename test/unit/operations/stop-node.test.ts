import { expect, test } from '@jest/globals';
import { stopNode } from '../../../lib/operations/node/stop-node.ts';
import { deployedService, liveTasks } from '../../support/deployed-service.ts';

test('an invocation that comes after the end of its execution does not take the node again', async () => {
  const world = await deployedService();
  const before = await world.state('kafka');
  const held = before?.leases.find(({ nodeId }) => nodeId === 0);
  const [plan] = before?.plans ?? [];
  const step = plan?.phases.flatMap(({ steps }) => steps).find(({ nodeId }) => nodeId === 0);
  if (held === undefined || plan === undefined || step === undefined) throw new Error('the service is deployed');
  const { clock, pause } = world.clock;
  const ports = { store: world.store, clock, pause, planRunner: world.machines, tasks: world.tasks };
  const late = {
    service: 'kafka',
    nodeId: 0,
    kind: 'plan',
    holder: held.holder,
    planId: plan.id,
    stepId: step.id,
  } as const;
  const running = liveTasks(world);
  expect(await world.clock.finish(stopNode(ports, late))).toMatchObject({ type: 'failed', error: 'Superseded' });
  expect((await world.state('kafka'))?.leases).toEqual(before?.leases);
  expect(liveTasks(world)).toEqual(running);
});
