import { CreateSnapshotCommand, DescribeSnapshotsCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { type HostsDocument, hostsSchema } from '../../../lib/contract/host-schemas.ts';
import { refusalIn } from './drives.ts';
import { type Installation, until } from './installation.ts';
import { seen } from './seen.ts';
import type { Statement } from './statements.ts';
import type { Trial } from './trial.ts';

const ofEc2 = 'FunctionsStepsEc2Role';

/** An operator wants a pod replaced, and whoever may follow that must not start the machine for it. */
export async function replaceWithoutItsMachine(installation: Installation, trial: Trial): Promise<void> {
  const machine = { has: 'states:StartExecution', on: '-replace' };
  const ofApi = trial.findPart({ role: 'FunctionsApiCommandsRole', ...machine });
  const ofEvents = trial.findPart({ role: 'FunctionsEventsRole', ...machine });
  const putBack = [await trial.remove(ofApi), await trial.remove(ofEvents)];
  await trial.check(ofApi, 'POST …/pod/kafka-0/replace', async () =>
    seen('HTTP answer', refusalIn(await installation.api('POST', '/v1/pod/kafka-0/replace'), ofApi)),
  );
  const input = JSON.stringify({ service: 'kafka' });
  const detail = { name: 'proof', status: 'SUCCEEDED', stopDate: Date.now(), input };
  const event = { 'detail-type': 'Step Functions Execution Status Change', source: 'aws.states', detail };
  await trial.check(ofEvents, 'the end of an execution', async () =>
    seen('error of the function', refusalIn(await installation.invoke('Events', event), ofEvents)),
  );
  // The word was stored all the same.
  await installation.api('POST', '/v1/pod/kafka-0/resume');
  for (const one of putBack) await one();
}

/** A pod is adopted: what the cloud has of it is looked for. */
export async function adoptAPod(installation: Installation, trial: Trial): Promise<void> {
  const list = trial.find({ role: ofEc2, has: 'ecs:ListTasks' });
  const describe = trial.find({ role: ofEc2, has: 'ecs:DescribeTasks' });
  const putBackList = await trial.remove(list);
  await installation.api('POST', '/v1/pod/kafka-0/adopt');
  await trial.check(list, 'POST …/pod/kafka-0/adopt', () => inRecoveries(installation, list));
  const putBackDescribe = await trial.remove(describe);
  await putBackList();
  await trial.check(describe, 'POST …/pod/kafka-0/adopt', () => inRecoveries(installation, describe));
  await putBackDescribe();
  await until('the pod is adopted', 120, async () => {
    const executionArn = await installation.newest('recover');
    const history = executionArn === undefined ? '' : await installation.history(executionArn);
    return history.includes('ExecutionSucceeded') ? true : undefined;
  });
}

/** A pod is adopted while a recovery holds it: whether that still acts is asked. */
export async function adoptWhatIsHeld(installation: Installation, trial: Trial): Promise<void> {
  await trial.alone({ role: ofEc2, has: 'states:DescribeExecution' }, 'POST …/pod/{pod}/adopt', async (statement) => {
    for (const pod of ['kafka-0', 'kafka-1']) await installation.api('POST', `/v1/pod/${pod}/adopt`);
    return inRecoveries(installation, statement);
  });
}

/** An adoption runs in the machine of recoveries. */
function inRecoveries(installation: Installation, statement: Statement): Promise<string> {
  return until('the history of a recovery names the refusal', 90, async () => {
    for (const executionArn of await installation.newestOnes('recover', 3)) {
      const found = refusalIn(await installation.history(executionArn), statement);
      if (found !== undefined) return `history of recover: ${found}`;
    }
    return undefined;
  });
}

/** The disk of a second broker fails for good, after a snapshot of it was made: Warden replaces it by itself. */
export async function replaceBySnapshot(installation: Installation, trial: Trial): Promise<void> {
  const service = { enable_replacement: true, recover_in_place_grace_period_secs: 60 };
  await installation.api('PATCH', '/service/kafka', { options: { brokers: { count: 2 }, service } });
  await until('the second broker is there', 240, async () => {
    const plan = await installation.api('GET', '/v1/plans/deploy');
    return plan.includes('kafka-1') && plan.includes('"status": "COMPLETE"\n}') ? true : undefined;
  });
  const volumeId = await snapshottedVolume(installation, '1');
  const statement = trial.find({ role: ofEc2, has: 'ec2:CreateVolume', on: 'snapshot/*' });
  await trial.alone(statement, 'a disk that fails for good', async () => {
    await installation.chaos('volume/lose', { volume: volumeId });
    return until('the recovery names the refusal', 240, async () => {
      await sweep(installation);
      const found = refusalIn(await installation.api('GET', '/v1/plans/recovery'), statement);
      return found === undefined ? undefined : `message in the plan recovery: ${found}`;
    });
  });
  await untilRecovered(installation);
}

/** The volume of a node, of which a snapshot is completed. */
async function snapshottedVolume({ ec2 }: Installation, node: string): Promise<string> {
  const Filters = [{ Name: 'tag:warden:node', Values: [node] }];
  const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({ Filters }));
  const VolumeId = Volumes[0]?.VolumeId;
  if (VolumeId === undefined) throw new Error(`node ${node} has no volume`);
  const { SnapshotId = '' } = await ec2.send(new CreateSnapshotCommand({ VolumeId }));
  return until('the snapshot is completed', 60, async () => {
    const { Snapshots = [] } = await ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [SnapshotId] }));
    return Snapshots[0]?.State === 'completed' ? VolumeId : undefined;
  });
}

/** An operator ends the host of a broker; its nodes move to the other one. */
export async function fenceAHost(installation: Installation, trial: Trial): Promise<void> {
  const victim = (await hostsOf(installation)).find(({ nodes }) => nodes.some(({ pod }) => pod === 'kafka-0'));
  if (victim === undefined) throw new Error('kafka-0 is on no host');
  const { instanceId } = victim;
  await trial.alone({ role: ofEc2, has: 'ec2:TerminateInstances' }, 'POST …/hosts/{id}/fence', async (statement) => {
    await installation.api('POST', `/v1/hosts/${instanceId}/fence?force=true`);
    return until('the list of the hosts says why the host is not ended', 60, async () => {
      const found = refusalIn(await installation.api('GET', '/v1/hosts'), statement);
      return found === undefined ? undefined : `GET /v1/hosts: ${found}`;
    });
  });
  await installation.start('reconcile', `proof-${Date.now().toString(36)}`, { v: 1, services: ['kafka'] });
  await until('its nodes run on another host', 300, async () => {
    const hosts = await hostsOf(installation);
    const run = hosts.every(
      (host) => host.instanceId !== instanceId && host.nodes.every(({ life }) => life === 'alive'),
    );
    return run ? true : undefined;
  });
  await untilRecovered(installation);
}

async function hostsOf(installation: Installation): Promise<HostsDocument['hosts']> {
  const answer = await installation.api('GET', '/v1/hosts');
  return hostsSchema.parse(JSON.parse(answer.slice(answer.indexOf('{')))).hosts;
}

/** What the five-minute rule would start. */
async function sweep(installation: Installation): Promise<void> {
  await installation.invoke('StepsEc2', { v: 1, step: 'Look at hosts', service: 'kafka' });
  await installation.invoke('StepsUpkeep', { v: 1, step: 'Reconcile service', service: 'kafka' });
}

function untilRecovered(installation: Installation): Promise<true> {
  return until('nothing is recovered any more', 240, async () =>
    (await installation.api('GET', '/v1/plans')).includes('recovery') ? undefined : true,
  );
}
