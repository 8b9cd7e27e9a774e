import type { TaskSight } from '../models/aws/views.ts';
import type { World } from '../world.ts';
import type { Watch } from './invariant.ts';

const notBegun = ['PROVISIONING', 'PENDING'];

/**
 * A broker that may live must not be unregistered: only what ECS proves counts, or EC2 by the end of the host, not what
 * happens to be true. Nor one that was started since: but a request may be on its way for a moment, and Kafka asks no epoch
 * of it. While nothing of the next task runs it meets nobody.
 */
export const aRegistrationIsReleasedOnlyAfterAProvenStop: Watch = ({ onServed, aws }) => {
  const broken: string[] = [];
  onServed(({ service, operation, invocation }) => {
    if (service !== 'kafka' || operation !== 'unregisterBroker') return;
    const { service: name, nodeId }: { service?: string; nodeId?: number } = Object(invocation.event);
    const tasks = aws.tasks().filter(({ startedBy = '' }) => startedBy.startsWith(`warden/${name}/${nodeId}/node/`));
    const newest = tasks
      .filter(({ lastStatus }) => !notBegun.includes(lastStatus))
      .toSorted((left, right) => right.createdAt - left.createdAt)[0];
    if (newest === undefined || (!isProven(newest) && !endedWithItsHost(newest, aws))) {
      const { taskArn = 'no task', lastStatus = '', stopCode = '' } = newest ?? {};
      broken.push(`broker ${nodeId} of ${name} was unregistered while ${taskArn} is ${lastStatus} ${stopCode}`);
    }
  });
  return {
    rule: 'I11: a registration is released only after a proven stop of the newest task',
    afterStep: () => broken[0],
  };
};

/** What ECS or its agent tells of the very task. */
export function isProven({ lastStatus, exitCode, stopCode, withoutContainer }: TaskSight): boolean {
  return lastStatus === 'STOPPED' && (exitCode !== undefined || stopCode === 'TaskFailedToStart' || withoutContainer);
}

/**
 * EC2 has ended its host, or has stopped it since ECS showed the container as running there. Not what ECS has yet to hand to
 * the agent, which starts with the next boot, nor a host that is only silent or on its way down.
 */
export function endedWithItsHost(
  { instanceId = '', startedAt }: Pick<TaskSight, 'instanceId' | 'startedAt'>,
  { isTerminated, stoppedAt }: Pick<World['aws'], 'isTerminated' | 'stoppedAt'>,
): boolean {
  if (isTerminated(instanceId)) return true;
  const endedAt = stoppedAt(instanceId);
  return startedAt !== undefined && endedAt !== undefined && startedAt < endedAt;
}
