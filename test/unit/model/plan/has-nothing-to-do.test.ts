import { expect, test } from '@jest/globals';
import { hasNothingToDo } from '../../../../lib/model/plan/has-nothing-to-do.ts';
import type { NodeChange } from '../../../../lib/model/plan/node-change.ts';
import type { Plan, Step } from '../../../../lib/model/plan/plan.ts';
import type { PlanSteering } from '../../../../lib/model/plan/steering.ts';
import type { NodeGoal, NodeLease, ServiceState, TaskSeen } from '../../../../lib/model/state.ts';

const none: NodeChange = { type: 'none' };
const restart: NodeChange = { type: 'restart', reasons: [{ type: 'option', pointer: '/controllers/mem' }] };

const step = (nodeId: number, name: string): Step => ({
  ...{ id: `step-${nodeId}`, name, nodeId, change: nodeId < 1000 ? restart : none },
});
const controller = step(1000, 'controller-0:[controller]');
const broker = step(0, 'kafka-0:[broker]');

const plan: Plan = {
  ...{ id: 'plan-2', service: 'kafka', kind: 'update', configId: 'new', strategy: 'serial', createdAt: 1 },
  requestedBy: 'test',
  phases: [
    { id: 'phase-1', name: 'controller', strategy: 'serial', steps: [controller] },
    { id: 'phase-2', name: 'broker', strategy: 'serial', steps: [broker] },
  ],
};

const goalOf = (nodeId: number, changes: Partial<NodeGoal> = {}): NodeGoal => ({
  ...{ service: 'kafka', nodeId, configId: 'old', attempt: 1, inSyncSince: 90 },
  host: { instanceId: 'i-1', containerInstanceArn: 'arn', address: '10.0.0.1', zone: 'a' },
  volume: {
    ...{ generation: 1, zone: 'a', sizeGiB: 5, id: 'vol-1', preparedOn: 'i-1' },
    ...{ fileSystemMade: true, kafkaFormatted: true },
  },
  launch: { attempt: 1, request: '{"instanceId":"i-1"}', requestedAt: 50, taskArn: `task-${nodeId}`, configId: 'old' },
  failures: { count: 0, lastAttempt: 0 },
  ...changes,
});

const seenOf = (nodeId: number, changes: Partial<TaskSeen> = {}): TaskSeen => ({
  ...{ service: 'kafka', nodeId, taskArn: `task-${nodeId}`, purpose: 'node', attempt: 1, version: 3 },
  ...{ lastStatus: 'RUNNING', desiredStatus: 'RUNNING' },
  ...changes,
});

const leaseOf = (nodeId: number, changes: Partial<NodeLease> = {}): NodeLease => ({
  ...{ service: 'kafka', nodeId, holder: 'before', kind: 'plan', number: 1, released: true },
  ...changes,
});

const said = (changes: Partial<PlanSteering>): Partial<ServiceState> => ({
  steering: [
    {
      ...{ service: 'kafka', planId: 'plan-2', revision: 1, isInterrupted: false, interruptedPhases: [] },
      ...{ passed: [], forced: [], restarts: [] },
      ...changes,
    },
  ],
});

/** Node 1000 was started with the old config, is in sync, and nobody works on it; the wish leads to a new one. */
function service(changes: Partial<ServiceState> = {}): ServiceState {
  const read = {
    target: { service: 'kafka', configId: 'new', brokerIds: [0], controllerIds: [1000] },
    ...{ wish: { planId: 'plan-2' }, plans: [plan], steps: [], steering: [], nodeWishes: [], fences: [] },
    ...{ goneHosts: [], hostsSeen: [], goals: [goalOf(0), goalOf(1000)], seen: [seenOf(0), seenOf(1000)] },
    ...{ leases: [leaseOf(0), leaseOf(1000)], quorumFormed: { service: 'kafka', formedAt: 1 } },
  };
  return { ...read, ...changes } as unknown as ServiceState;
}

const withGoal = (changes: Partial<NodeGoal>) => service({ goals: [goalOf(0), goalOf(1000, changes)] });
const onHost = (changes: object) =>
  service({ hostsSeen: [{ service: 'kafka', instanceId: 'i-1', status: 'ACTIVE', ...changes }] });
const { volume } = goalOf(1000);
const published = { zone: 'kafka.internal', address: '10.0.0.1' };
const inZone = (changes: Partial<NodeGoal>) =>
  service({ ...withGoal(changes), target: { ...service().target, zone: 'kafka.internal' } });

test.each<readonly [string, ServiceState]>([
  ['at rest', service()],
  ['at rest, whose host is well', onHost({})],
  ['whose name is known everywhere', inZone({ published })],
  ['while another node is down', service({ seen: [seenOf(0, { lastStatus: 'STOPPED' }), seenOf(1000)] })],
  [
    'while another node is recovered',
    service({ leases: [leaseOf(0, { kind: 'recovery', released: false }), leaseOf(1000)] }),
  ],
])('the step of a controller %s is through when the target changes nothing for it', (_which, state) => {
  expect(hasNothingToDo(state, { plan, step: controller, change: none })).toBe(true);
});

test.each<readonly [string, NodeChange]>([
  ['is restarted', restart],
  ['is started', { type: 'start' }],
  ['takes properties while it runs', { type: 'dynamic', properties: ['log.cleaner.threads'] }],
])('the step of a controller that %s has something to do', (_what, change) => {
  expect(hasNothingToDo(service(), { plan, step: controller, change })).toBe(false);
});

test('the step of a broker looks what others have set there, whatever changes', () => {
  const through = service({ steps: [{ planId: 'plan-2', stepId: 'step-1000', startedAt: 1, endedAt: 2 }] });
  expect(hasNothingToDo(through, { plan, step: broker, change: none })).toBe(false);
});

test('so does that of a node that is both', () => {
  const combined = service({ target: { ...service().target, brokerIds: [0, 1000] } });
  expect(hasNothingToDo(combined, { plan, step: controller, change: none })).toBe(false);
});

test.each<readonly [string, ServiceState]>([
  ['was never started', service({ goals: [goalOf(0)] })],
  ['has ended', service({ seen: [seenOf(1000, { lastStatus: 'STOPPED', desiredStatus: 'STOPPED' })] })],
  ['is being stopped', service({ seen: [seenOf(1000, { desiredStatus: 'STOPPED' })] })],
  ['does not run yet', service({ seen: [seenOf(1000, { lastStatus: 'PENDING' })] })],
  ['was not seen', service({ seen: [] })],
  ['runs by an older try', withGoal({ launch: { attempt: 2, request: '{"instanceId":"i-1"}', requestedAt: 60 } })],
  ['was on a host that is gone', service({ goneHosts: [{ service: 'kafka', instanceId: 'i-1', seenAt: 70 }] })],
  ['was not in sync since its start', service({ goals: [{ ...goalOf(1000), inSyncSince: undefined as never }] })],
  ['has failed since', withGoal({ failures: { count: 1, lastAttempt: 1 } })],
  ['is in the hands of another execution', service({ leases: [leaseOf(1000, { released: false })] })],
  ['was never held', service({ leases: [] })],
  ['has the place of who is down', service({ slot: { service: 'kafka', nodeId: 1000, holder: 'before' } })],
  ['is on a host that drains', onHost({ status: 'DRAINING' })],
  ['is on a host that is out of touch', onHost({ silentSince: 80 })],
  [
    'is on a host that is to end',
    service({
      fences: [
        { ...{ service: 'kafka', instanceId: 'i-1', requestedBy: 'anna', requestedAt: 1 }, force: false, why: 'dead' },
      ],
    }),
  ],
  ['has its volume elsewhere', withGoal({ volume: { ...volume, preparedOn: 'i-2' } as never })],
  ['has a volume that left another host', withGoal({ volume: { ...volume, movedFrom: ['i-2'] } as never })],
  ['has a name that was never published', inZone({})],
  ['has a name for another address', inZone({ published: { ...published, address: '10.0.0.9' } })],
  ['has a name that is on its way', inZone({ published: { ...published, changeId: 'C1' } })],
  [
    'is paused',
    service({
      nodeWishes: [
        { service: 'kafka', nodeId: 1000, revision: 1, pause: { requestedBy: 'anna', requestedAt: 1, until: 5 } },
      ],
    }),
  ],
])('the step of a controller that %s is its own business', (_which, state) => {
  expect(hasNothingToDo(state, { plan, step: controller, change: none })).toBe(false);
});

test.each<readonly [string, ServiceState]>([
  ['of a plan that was taken over', service({ wish: { service: 'kafka', planId: 'plan-3' } })],
  ['that has ended', service({ steps: [{ planId: 'plan-2', stepId: 'step-1000', startedAt: 1, endedAt: 2 }] })],
  ['that is under way', service({ steps: [{ planId: 'plan-2', stepId: 'step-1000', startedAt: 1 }] })],
  ['that counts as complete', service(said({ forced: ['step-1000'] }))],
  [
    'that an operator had done again',
    service({
      ...said({ restarts: [{ stepId: 'step-1000', times: 1, requestedBy: 'anna' }] }),
      steps: [{ planId: 'plan-2', stepId: 'step-1000', startedAt: 1, endedAt: 2 }],
    }),
  ],
  ['of a plan that is interrupted', service(said({ isInterrupted: true }))],
  ['of a phase that is interrupted', service(said({ interruptedPhases: ['phase-1'] }))],
])('a step %s is not passed', (_which, state) => {
  expect(hasNothingToDo(state, { plan, step: controller, change: none })).toBe(false);
});

test('nor is one that comes after an open step, or stands behind a decision point', () => {
  const [controllers, brokers] = plan.phases;
  if (controllers === undefined || brokers === undefined) throw new Error('the plan has two phases');
  const brokersFirst = { ...plan, phases: [brokers, controllers] };
  const state = service({ plans: [brokersFirst] });
  expect(hasNothingToDo(state, { plan: brokersFirst, step: controller, change: none })).toBe(false);
  const other = { ...step(1001, 'controller-1:[controller]'), change: restart };
  const canary = {
    ...plan,
    phases: [{ ...controllers, strategy: 'serial-canary' as const, steps: [controller, other] }],
  };
  expect(hasNothingToDo(service({ plans: [canary] }), { plan: canary, step: controller, change: none })).toBe(false);
  const continued = service({ plans: [canary], ...said({ passed: [{ phaseId: 'phase-1', decisionPoints: 1 }] }) });
  expect(hasNothingToDo(continued, { plan: canary, step: controller, change: none })).toBe(true);
});

test('no step of an install is passed, nor one while no quorum is formed', () => {
  const install: Plan = { ...plan, kind: 'install' };
  expect(hasNothingToDo(service({ plans: [install] }), { plan: install, step: controller, change: none })).toBe(false);
  const { quorumFormed: _formed, ...unformed } = service();
  expect(hasNothingToDo(unformed, { plan, step: controller, change: none })).toBe(false);
});
