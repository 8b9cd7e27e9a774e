import type { TaskSight } from '../models/aws/views.ts';
import type { Watch } from './invariant.ts';

/** A broker that may live must not be unregistered: only what ECS proves counts, or EC2 by the end of the host, not what happens to be true. */
export const aRegistrationIsReleasedOnlyAfterAProvenStop: Watch = ({ onServed, aws }) => {
  const broken: string[] = [];
  onServed(({ service, operation, invocation }) => {
    if (service !== 'kafka' || operation !== 'unregisterBroker') return;
    const { service: name, nodeId }: { service?: string; nodeId?: number } = Object(invocation.event);
    const tasks = aws.tasks().filter(({ startedBy = '' }) => startedBy.startsWith(`warden/${name}/${nodeId}/node/`));
    const newest = tasks.toSorted((left, right) => right.createdAt - left.createdAt)[0];
    if (newest === undefined || (!isProven(newest) && !aws.isTerminated(newest.instanceId ?? ''))) {
      const { taskArn = 'no task', lastStatus = '', stopCode = '' } = newest ?? {};
      broken.push(`broker ${nodeId} of ${name} was unregistered while ${taskArn} is ${lastStatus} ${stopCode}`);
    }
  });
  return {
    rule: 'I11: a registration is released only after a proven stop of the newest task',
    afterStep: () => broken[0],
  };
};

function isProven({ lastStatus, exitCode, stopCode, withoutContainer }: TaskSight): boolean {
  return lastStatus === 'STOPPED' && (exitCode !== undefined || stopCode === 'TaskFailedToStart' || withoutContainer);
}
