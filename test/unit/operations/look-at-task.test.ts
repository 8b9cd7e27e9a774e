import { expect, test } from '@jest/globals';
import type { TaskSeen } from '../../../lib/model/state.ts';
import { lookAtTask } from '../../../lib/operations/node/look-at-task.ts';
import type { Store } from '../../../lib/ports/store.ts';
import type { Tasks } from '../../../lib/ports/tasks.ts';

test('a change between the last look and the token is seen by the look that follows the token', async () => {
  const taskArn = 'arn:task';
  let now = 1_800_000_000_000;
  let lastStatus = 'RUNNING';
  const store: Partial<Store> = {
    // The event comes the moment before the token is stored: it finds nobody to wake.
    explainWait: async () => undefined,
    async putWait({ token }) {
      if (token !== undefined) lastStatus = 'STOPPED';
    },
    putSeen: async () => true,
  };
  const tasks: Partial<Tasks> = {
    async describe(asked) {
      const startedBy = 'warden/kafka/0/node/1';
      return { taskArn: asked, version: 1, lastStatus, desiredStatus: 'STOPPED', startedBy };
    },
  };
  const ports = {
    store: store as Store,
    tasks: tasks as Tasks,
    clock: () => now,
    pause: async (ms: number) => {
      now += ms;
    },
  };
  const request = { service: 'kafka', nodeId: 0, kind: 'plan', holder: 'arn:execution', token: 'token' } as const;
  const wait = { taskArn, statuses: ['STOPPED'], reason: { type: 'task stopping', taskArn } } as const;
  const seen: TaskSeen | undefined = await lookAtTask(ports, request, wait);
  expect(seen?.lastStatus).toBe('STOPPED');
});
