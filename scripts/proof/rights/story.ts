import { ListRulesCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { ListQueuesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { listLiveProcesses } from '../../../local/core/processes.ts';
import { cloudFolder } from '../../launch/folders.ts';
import { hostEvent, reconcile, refusalIn } from './drives.ts';
import { adoptWhatIsHeld } from './heal-story.ts';
import { type Installation, until } from './installation.ts';
import { seen } from './seen.ts';
import type { Trial } from './trial.ts';

const waitingService = {
  options: { service: { name: 'big' }, controllers: { count: 1, cpus: 64 }, brokers: { count: 1 } },
};
const oneNode = { options: { controllers: { count: 1 }, brokers: { count: 1 } } };

/** The five-minute rule may not start its machine: it is made to fire now, and the event's end is looked for later. */
export async function loseScheduledStart(installation: Installation, trial: Trial): Promise<() => Promise<void>> {
  const statement = trial.find({ role: 'MachinesreconcileEventsRole', has: 'states:StartExecution' });
  const putBack = await trial.remove(statement);
  const { Rules = [] } = await installation.events.send(new ListRulesCommand({}));
  const rule = Rules.find(({ ScheduleExpression }) => ScheduleExpression === 'rate(5 minutes)');
  const schedule = (ScheduleExpression: string) =>
    installation.events.send(
      new PutRuleCommand({ Name: rule?.Name, Description: rule?.Description, ScheduleExpression }),
    );
  await schedule('rate(1 minute)');
  return async () => {
    await trial.check(statement, 'the five-minute rule fires', async () => {
      const { QueueUrls = [] } = await installation.sqs.send(new ListQueuesCommand({}));
      const QueueUrl = QueueUrls.find((url) => url.includes('Undelivered'));
      return until('the event lies in the queue of undelivered events', 120, async () => {
        const command = new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'], VisibilityTimeout: 0 });
        const { Messages = [] } = await installation.sqs.send(command);
        const found = refusalIn(JSON.stringify(Messages), statement);
        return found === undefined ? undefined : `message in the queue Undelivered: ${found}`;
      });
    });
    await schedule('rate(5 minutes)');
    await putBack();
  };
}

/** A service that no host can take: its first step waits with a token. */
export async function waitForCapacity(installation: Installation, trial: Trial): Promise<void> {
  const inAnswer = (text: string, action: { readonly actions: readonly string[] }) =>
    refusalIn(text, { ...action } as never);
  await trial.alone(
    { role: 'FunctionsApiDeploymentRole', has: 'states:StartExecution' },
    'POST /services',
    async (statement) =>
      seen('HTTP answer', inAnswer(await installation.api('POST', '/services', waitingService), statement)),
  );
  await installation.invoke('StepsUpkeep', { v: 1, step: 'Reconcile service', service: 'big' });
  await until('the service waits for a host', 60, async () =>
    (await installation.api('GET', '/service/big/v1/plans/deploy')).includes('waits for a host') ? true : undefined,
  );
  await trial.alone(
    { role: 'FunctionsEventsRole', has: 'states:SendTaskFailure' },
    'an event of a host',
    async (statement) =>
      seen('error of the function', inAnswer(await installation.invoke('Events', hostEvent), statement)),
  );
  await trial.alone(
    { role: 'FunctionsStepsUpkeepRole', has: 'states:SendTaskFailure' },
    reconcile('big').operation,
    (statement) => reconcile('big').see(installation, statement),
  );
  await trial.alone(
    { role: 'FunctionsApiCommandsRole', has: 'states:DescribeExecution' },
    'POST /service/big/v1/plans/deploy/interrupt',
    async (statement) => {
      const answer = await installation.api('POST', '/service/big/v1/plans/deploy/interrupt');
      return seen('HTTP answer', inAnswer(answer, statement));
    },
  );
  const change = { options: { kafka: { log_retention_hours: 100 } } };
  await trial.alone(
    { role: 'FunctionsApiRole', has: 'states:StartExecution' },
    'PATCH /service/big',
    async (statement) =>
      seen('HTTP answer', inAnswer(await installation.api('PATCH', '/service/big', change), statement)),
  );
  await trial.alone(
    { role: 'FunctionsApiRole', has: 'states:SendTaskFailure' },
    'DELETE /service/big',
    async (statement) =>
      seen('HTTP answer', inAnswer(await installation.api('DELETE', '/service/big?confirm=big'), statement)),
  );
  await installation.invoke('StepsUpkeep', { v: 1, step: 'Reconcile service', service: 'big' });
  await until('the waiting service is gone', 90, async () =>
    (await installation.api('GET', '/services')).includes('"big"') ? undefined : true,
  );
}

/** The statements in the order in which an install needs them: each is missing until its denial was seen. */
const installOrder = [
  { role: 'FunctionsStepsEc2Role', has: 'ecs:ListContainerInstances' },
  { role: 'FunctionsStepsEc2Role', has: 'ecs:DescribeContainerInstances' },
  { role: 'FunctionsStepsEc2Role', has: 'ec2:DescribeVolumes' },
  { role: 'FunctionsStepsEc2Role', has: 'states:SendTaskSuccess' },
  { role: 'FunctionsStepsAwsRole', has: 'states:SendTaskSuccess' },
  { role: 'FunctionsStepsEc2Role', has: 'ec2:CreateVolume', on: ':volume/*' },
  { role: 'FunctionsStepsEc2Role', has: 'ec2:CreateTags' },
  { role: 'FunctionsStepsEc2Role', has: 'ec2:DeleteVolume' },
  { role: 'FunctionsStepsEc2Role', has: 'ec2:AttachVolume', lacks: 'ec2:DeleteVolume' },
  { role: 'FunctionsStepsAwsRole', has: 'ecs:RegisterTaskDefinition' },
  { role: 'FunctionsStepsAwsRole', has: 'ecs:RunTask' },
  { role: 'FunctionsStepsAwsRole', has: 'ecs:TagResource' },
  { role: 'FunctionsStepsAwsRole', has: 'ecs:DescribeTasks' },
  { role: 'HostsRole', has: 'logs:PutLogEvents' },
  { role: 'FunctionsStepsUpkeepRole', has: 'route53:ChangeResourceRecordSets' },
  { role: 'FunctionsStepsUpkeepRole', has: 'route53:GetChange' },
] as const;

export async function installStepByStep(installation: Installation, trial: Trial): Promise<void> {
  let putBackLast = async () => {};
  for (const [position, wanted] of installOrder.entries()) {
    const statement = trial.find(wanted);
    const putBack = await trial.remove(statement);
    await putBackLast();
    putBackLast = putBack;
    if (position === 0) await installation.api('POST', '/services', oneNode);
    await trial.check(statement, 'an install', () => planOrHistory(installation, statement));
  }
  await putBackLast();
  await until('the service is installed', 180, async () =>
    (await installation.api('GET', '/v1/plans/deploy')).includes('"status": "COMPLETE"\n}') ? true : undefined,
  );
}

/** What the plan shows, or the histories of the executions where no step of the plan can say it. */
async function planOrHistory(installation: Installation, statement: Parameters<typeof refusalIn>[1]): Promise<string> {
  const patience = performance.now() + 10_000;
  return until('the plan or an execution names the refusal', 90, async () => {
    const plan = refusalIn(await installation.api('GET', '/v1/plans/deploy'), statement);
    if (plan !== undefined) return `message in the plan: ${plan}`;
    if (performance.now() < patience) return undefined;
    for (const machine of ['broker', 'deploy', 'uninstall']) {
      const executionArn = await installation.newest(machine);
      const found = executionArn && refusalIn(await installation.history(executionArn), statement);
      if (found) return `history of ${machine}: ${found}`;
    }
    const cloud = refusalIn(JSON.stringify(installation.denied()), statement);
    return cloud === undefined || performance.now() < patience + 20_000
      ? undefined
      : `journal of the cloud alone: ${cloud}`;
  });
}

/** A broker that was killed: why its log cannot be read stands where its last lines would. */
export async function lastWordsOfABroker(installation: Installation, trial: Trial): Promise<void> {
  const ofEvents = trial.find({ role: 'FunctionsEventsRole', has: 'logs:GetLogEvents' });
  const ofReconcile = trial.find({ role: 'FunctionsStepsUpkeepRole', has: 'logs:GetLogEvents' });
  const putBack = [await trial.remove(ofEvents), await trial.remove(ofReconcile)];
  const inRecovery = (statement: typeof ofEvents) =>
    until('the recovery says why the log was not read', 30, async () => {
      const found = refusalIn(await installation.api('GET', '/v1/plans/recovery'), statement);
      return found === undefined ? undefined : `message in the plan recovery: ${found}`;
    });
  kill(installation, /^task/);
  await trial.check(ofEvents, 'kill -9 of a broker', () => inRecovery(ofEvents));
  await installation.invoke('StepsUpkeep', { v: 1, step: 'Reconcile service', service: 'kafka' });
  await trial.check(ofReconcile, reconcile('kafka').operation, () => inRecovery(ofReconcile));
  for (const one of putBack) await one();
  await until('the broker is back', 90, async () =>
    (await installation.api('GET', '/v1/plans')).includes('recovery') ? undefined : true,
  );
}

/** A broker that was killed, and everything that brings it back. */
export async function recoverStepByStep(installation: Installation, trial: Trial): Promise<void> {
  const startedAt = Date.now();
  const isDown = trial.find({ role: 'FunctionsEventsRole', has: 'states:DescribeExecution' });
  const putBack = await trial.remove(isDown);
  kill(installation, /^task/);
  await trial.check(isDown, 'kill -9 of a broker', () =>
    until('the function logs the refusal', 30, async () => {
      const found = refusalIn(await installation.functionLog('Events', startedAt), isDown);
      return found === undefined ? undefined : `log of the function: ${found}`;
    }),
  );
  const start = trial.find({ role: 'FunctionsEventsRole', has: 'states:StartExecution' });
  const putBackStart = await trial.remove(start);
  await putBack();
  const ended = {
    name: 'proof',
    status: 'SUCCEEDED',
    stopDate: Date.now(),
    input: JSON.stringify({ service: 'kafka' }),
  };
  const event = { 'detail-type': 'Step Functions Execution Status Change', source: 'aws.states', detail: ended };
  await trial.check(start, 'the end of an execution', async () =>
    seen('error of the function', refusalIn(await installation.invoke('Events', event), start)),
  );
  for (const has of ['states:DescribeExecution', 'states:StartExecution'])
    await trial.alone({ role: 'FunctionsStepsUpkeepRole', has }, reconcile('kafka').operation, (statement) =>
      reconcile('kafka').see(installation, statement),
    );
  await putBackStart();
  await recoverMachine(installation, trial);
}

async function recoverMachine(installation: Installation, trial: Trial): Promise<void> {
  const start = trial.find({ role: 'MachinesrecoverRole', has: 'states:StartExecution' });
  const end = trial.find({ role: 'MachinesrecoverRole', has: 'states:StopExecution' });
  const inHistory = (statement: typeof start) =>
    until('the history of the recovery names the refusal', 60, async () => {
      const executionArn = await installation.newest('recover');
      const found = executionArn && refusalIn(await installation.history(executionArn), statement);
      return found ? `history of the recovery: ${found}` : undefined;
    });
  const putBackStart = await trial.remove(start);
  await installation.invoke('StepsUpkeep', { v: 1, step: 'Reconcile service', service: 'kafka' });
  await trial.check(start, 'a recovery', () => inHistory(start));
  const putBackEnd = await trial.remove(end);
  await putBackStart();
  await trial.check(end, 'the end of a recovery', () => inHistory(end));
  await putBackEnd();
  await until('the broker is back', 90, async () =>
    (await installation.api('GET', '/v1/brokers')).includes('"0"') ? true : undefined,
  );
}

/** The agent of a host comes back after a kill and asks for everything again. */
export async function returnOfAnAgent(installation: Installation, trial: Trial): Promise<void> {
  for (const has of ['ecs:DiscoverPollEndpoint', 'ecs:RegisterContainerInstance', 'ecs:Poll'])
    await trial.alone({ role: 'HostsRole', has }, 'the agent of a host starts again', async (statement) => {
      const before = installation.cloudLog().length;
      kill(installation, /^agent/);
      return until('the cloud says that the agent was refused', 30, () => {
        const found = refusalIn(installation.cloudLog().slice(before), statement);
        return found === undefined ? undefined : `the host stays disconnected; log of the cloud: ${found}`;
      });
    });
  await until('the plan can be read', 30, async () =>
    (await installation.api('GET', '/v1/brokers')).includes('"0"') ? true : undefined,
  );
}

/** A start without an answer: only ECS's own list tells the uninstall whether there is a task. */
export async function uninstallAfterLostStart(installation: Installation, trial: Trial): Promise<void> {
  const list = trial.find({ role: 'FunctionsStepsAwsRole', has: 'ecs:ListTasks' });
  const putBackRun = await trial.remove(trial.find({ role: 'FunctionsStepsAwsRole', has: 'ecs:RunTask' }));
  const before = installation.denied().length;
  kill(installation, /^task/);
  await until('the start of the broker is denied', 60, () =>
    installation
      .denied()
      .slice(before)
      .some(({ action }) => action === 'ecs:RunTask')
      ? true
      : undefined,
  );
  await adoptWhatIsHeld(installation, trial);
  const putBackList = await trial.remove(list);
  await installation.api('DELETE', '/service/kafka?confirm=kafka');
  await trial.check(list, 'an uninstall after a start without an answer', () => planOrHistory(installation, list));
  const names = trial.find({ role: 'FunctionsStepsUpkeepRole', has: 'route53:ListResourceRecordSets' });
  const putBackNames = await trial.remove(names);
  await putBackList();
  await putBackRun();
  await trial.check(names, 'an uninstall', () => planOrHistory(installation, names));
  const definitions = trial.find({ role: 'FunctionsStepsUpkeepRole', has: 'ecs:DeregisterTaskDefinition' });
  const putBackDefinitions = await trial.remove(definitions);
  await putBackNames();
  await trial.check(definitions, 'an uninstall', () => planOrHistory(installation, definitions));
  await putBackDefinitions();
  await until('the service is gone', 180, async () =>
    (await installation.api('GET', '/services')).includes('"kafka"') ? undefined : true,
  );
}

function kill(installation: Installation, kind: RegExp): void {
  const found = listLiveProcesses(cloudFolder(installation.options.dataFolder)).filter((one) => kind.test(one.kind));
  // The broker is the last one to start.
  const victim = found.toSorted((a, b) => Number(a.startedAt) - Number(b.startedAt)).at(-1);
  if (victim === undefined) throw new Error(`no process of kind ${kind} lives`);
  process.kill(victim.pid, 'SIGKILL');
}
