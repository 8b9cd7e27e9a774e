import { expect, test } from '@jest/globals';
import { scripts } from '../suite/aws/aws-subject.ts';
import { register, runningTask, runOne, untilStatus } from '../suite/aws/ecs-steps.ts';
import { createModelSubject } from '../suite/aws/model-subject.ts';
import { endedWithItsHost } from './a-registration-is-released-only-after-a-proven-stop.ts';

test('a host that EC2 has stopped proves the end of what was seen running there before, and of nothing else', async () => {
  const subject = createModelSubject();
  const { models, timeline } = subject;
  const [{ instanceId }] = subject.hosts;
  const definition = await register(subject, scripts.sleeps);
  const isEnded = (arn: string) => {
    const task = models.tasks().find(({ taskArn }) => taskArn === arn);
    return task !== undefined && endedWithItsHost(task, models);
  };

  const before = await runningTask(subject, definition);
  expect(isEnded(before)).toBe(false);
  models.disconnectAgent(instanceId);
  await timeline.pass(600_000);
  expect(isEnded(before)).toBe(false);
  models.connectAgent(instanceId);

  models.stopHost(instanceId);
  expect(isEnded(before)).toBe(false);
  // Its image is still being pulled when the host goes down.
  models.slowPulls(100_000_000);
  const between = await runOne(subject, definition);
  await timeline.pass(120_000);
  expect(isEnded(before)).toBe(true);
  expect(isEnded(between)).toBe(false);

  models.slowPulls(0);
  models.startHost(instanceId);
  await timeline.pass(120_000);
  await untilStatus(subject, before, 'STOPPED');
  const after = await runningTask(subject, definition);
  expect(isEnded(before)).toBe(true);
  expect(isEnded(after)).toBe(false);
});

test('a host that EC2 has terminated proves the end of all that was there', async () => {
  const subject = createModelSubject();
  const { models, timeline } = subject;
  const [{ instanceId }] = subject.hosts;
  const arn = await runOne(subject, await register(subject, scripts.sleeps));
  const isEnded = () => models.tasks().some((task) => task.taskArn === arn && endedWithItsHost(task, models));
  models.crashHost(instanceId);
  await timeline.pass(120_000);
  expect(isEnded()).toBe(false);
  models.loseHost(instanceId);
  await timeline.pass(60_000);
  expect(isEnded()).toBe(true);
});
