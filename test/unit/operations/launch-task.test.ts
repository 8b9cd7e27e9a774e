import { expect, test } from '@jest/globals';
import type { NodeGoal } from '../../../lib/model/state.ts';
import { launchTask } from '../../../lib/operations/node/launch-task.ts';
import type { HeldNode } from '../../../lib/operations/node/node-step.ts';
import type { Store } from '../../../lib/ports/store.ts';
import type { Tasks, TaskView } from '../../../lib/ports/tasks.ts';

const startedBy = 'warden/kafka/0/node/4';
const launch = { attempt: 4, request: JSON.stringify({ startedBy }), requestedAt: 1_800_000_000_000 };

/** Sends the stored request to an ECS that refuses it and lists these tasks; answers the launch that is stored then. */
async function refusedWhileListed(
  listed: readonly TaskView[],
  strays: readonly TaskView[] = [],
  stopped: string[] = [],
): Promise<NodeGoal['launch']> {
  let stored: NodeGoal | undefined;
  const store: Partial<Store> = {
    async putGoal(goal) {
      stored = goal;
      return true;
    },
  };
  const tasks: Partial<Tasks> = {
    run: async () => ({ type: 'refused', reasons: ['RESOURCE:PORTS'] }),
    listStartedBy: async (asked) => (asked === startedBy ? listed.map(({ taskArn }) => taskArn) : []),
    listRunningOf: async () => strays.map(({ taskArn }) => taskArn),
    stop: async (taskArn) => void stopped.push(taskArn),
    describeMany: async (arns) => [...listed, ...strays].filter(({ taskArn }) => arns.includes(taskArn)),
  };
  const lease = { service: 'kafka', nodeId: 0, holder: 'arn:execution', kind: 'plan', number: 1, released: false };
  const goal = { service: 'kafka', nodeId: 0, configId: 'config', attempt: 4, launch };
  // The rest of the state is none of this rule's business.
  const state = { target: { clusterId: 'cluster' } };
  const node = { lease, goal, state } as unknown as HeldNode;
  const ports = { store: store as Store, tasks: tasks as Tasks, clock: () => launch.requestedAt + 1_000 };
  await launchTask(ports, node, { field: 'launch', launch });
  return stored?.launch;
}

const view = (taskArn: string, lastStatus: string): TaskView => ({
  ...{ taskArn, lastStatus, version: 1, desiredStatus: 'RUNNING', startedBy },
});

test('a request that is refused and started nothing is followed by a new one', async () => {
  expect(await refusedWhileListed([])).toEqual({ ...launch, refused: true });
});

test('a request that is refused because its own task runs already takes that task', async () => {
  expect(await refusedWhileListed([view('arn:task', 'PENDING')])).toEqual({ ...launch, taskArn: 'arn:task' });
});

test('a task of the request that has stopped is no reason to wait', async () => {
  expect(await refusedWhileListed([view('arn:task', 'STOPPED')])).toEqual({ ...launch, refused: true });
});

test('a task that an earlier request started after all is stopped, and no other one', async () => {
  const stopped: string[] = [];
  const of = (nodeId: number, attempt: number): TaskView => ({
    ...view(`arn:${nodeId}/${attempt}`, 'RUNNING'),
    startedBy: `warden/kafka/${nodeId}/node/${attempt}`,
  });
  const ofAnotherLife = { ...of(0, 3), taskArn: 'arn:earlier', tags: { 'warden:cluster-id': 'another' } };
  const strays = [
    ofAnotherLife,
    of(0, 3),
    of(0, 5),
    of(1, 3),
    { ...view('arn:by-hand', 'RUNNING'), startedBy: 'somebody' },
  ];
  expect(await refusedWhileListed([], strays, stopped)).toEqual({ ...launch, refused: true });
  expect(stopped).toEqual(['arn:0/3']);
});
