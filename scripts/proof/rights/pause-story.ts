import { refusalIn } from './drives.ts';
import { type Installation, until } from './installation.ts';
import { seen } from './seen.ts';
import type { Statement } from './statements.ts';
import type { Trial } from './trial.ts';

/** A pod is paused and resumed by hand, then paused until a deadline: what each of these needs is missing once. */
export async function pauseAndResume(installation: Installation, trial: Trial): Promise<void> {
  const command = async (path: string, statement: Statement) =>
    seen('HTTP answer', refusalIn(await installation.api('POST', `/v1/pod/kafka-0/${path}`), statement));
  const ofApi = 'FunctionsApiCommandsRole';
  await trial.alone({ role: ofApi, has: 'states:StartExecution' }, 'POST …/pod/kafka-0/pause', (statement) =>
    command('pause', statement),
  );
  // The wish is stored: reconcile starts what the API could not.
  await installation.invoke('StepsUpkeep', { v: 1, step: 'Reconcile service', service: 'kafka' });
  await until('the pod is paused', 120, () => isPaused(installation));
  await trial.alone({ role: ofApi, has: 'states:SendTaskFailure' }, 'POST …/pod/kafka-0/resume', (statement) =>
    command('resume', statement),
  );
  await installation.invoke('StepsUpkeep', { v: 1, step: 'Reconcile service', service: 'kafka' });
  await until('the pod runs', 120, () => runs(installation));
  for (const has of ['states:StartExecution', 'states:DescribeExecution']) {
    await trial.alone({ role: 'FunctionsStepsAwsRole', has }, 'a pause that is over', async (statement) => {
      await installation.api('POST', '/v1/pod/kafka-0/pause?for=20s');
      return until('the history of the pause names the refusal', 120, async () => {
        // The recovery of the pod may hold it for a moment longer: then its child asks whether that still acts.
        for (const machine of ['pause', 'broker']) {
          const executionArn = await installation.newest(machine);
          const found = executionArn && refusalIn(await installation.history(executionArn), statement);
          if (found) return `history of ${machine}: ${found}`;
        }
        return undefined;
      });
    });
    await installation.invoke('StepsUpkeep', { v: 1, step: 'Reconcile service', service: 'kafka' });
    await until('the pod runs', 120, () => runs(installation));
  }
}

/** Down, and its execution waits with a token for whoever resumes it. */
async function isPaused(installation: Installation): Promise<true | undefined> {
  const status = await installation.api('GET', '/v1/pod/kafka-0/status');
  const executionArn = await installation.newest('pause');
  if (!status.includes('PAUSED') || executionArn === undefined) return undefined;
  const history = await installation.history(executionArn);
  return history.slice(history.indexOf('"Stay paused"')).includes('TaskSubmitted') ? true : undefined;
}

async function runs(installation: Installation): Promise<true | undefined> {
  return (await installation.api('GET', '/v1/pod/kafka-0/status')).includes('RUNNING') ? true : undefined;
}
