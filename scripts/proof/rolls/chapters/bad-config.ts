import { continueUntilComplete, withStage } from '../commands.ts';
import type { Chapter, Story } from '../story.ts';

/**
 * Kafka's ConfigDef takes any positive number of requests; the queue is one array, which no heap of a broker can hold, so
 * that the process ends while it starts.
 */
const bad = { kafka: { queued_max_requests: 2_000_000_000 } };
const property = 'queued_max_requests';
const good = { kafka: { [property]: null } };
const wordsOfKafka = 'OutOfMemoryError';

const canaryLimitSeconds = 120;
const watchMs = 10_000;
/** Of what is offered in that time; what comes at its end is acknowledged after it. */
const leastAcknowledged = 0.9;

/** The canary cannot boot: the plan stops there with its last words, and both ways back work. */
export const badConfig: Chapter = {
  name: 'bad-config',
  title: 'a canary that cannot boot stops the plan; back by hand, and back by itself',
  run: async (story) => {
    await withStage(story, good.kafka, async (stage) => {
      await backByHand(story, stage);
      await backByItself(story, stage);
    });
  },
};

async function backByHand(story: Story, stage: object): Promise<void> {
  const { service } = story;
  const before = (await service.kafkaOptions())[property];
  const startedAt = Date.now();
  const { planId } = await service.update({ ...bad, service: stage });
  await service.untilWaiting(planId);
  await service.command('deploy', 'continue');
  await seeItFail(story, planId);
  const back = await service.update(good);
  await continueUntilComplete(service, back.planId);
  await service.untilSettled(3);
  await checkOldConfig(story, before);
  await checkOthersUntouched(story, startedAt);
}

async function backByItself(story: Story, stage: object): Promise<void> {
  const { service, findings } = story;
  const before = (await service.kafkaOptions())[property];
  const startedAt = Date.now();
  const { planId } = await service.update({
    ...bad,
    service: { ...stage, rollback: 'automatic', canary_limit_secs: canaryLimitSeconds },
  });
  await service.untilWaiting(planId);
  await service.command('deploy', 'continue');
  const ended = await service.untilPlan('the plan has taken itself back', 'deploy', (plan) =>
    plan.status === 'ERROR' && plan.phases.every(({ status }) => status === 'COMPLETE') ? plan : undefined,
  );
  findings.check('the plan ends in ERROR with the reason', ended.errors.length > 0, ended.errors);
  findings.keep('the plan that took itself back', ended);
  await checkOldConfig(story, before);
  await checkOthersUntouched(story, startedAt);
}

/** What an operator reads, and what clients notice: nothing. */
async function seeItFail({ service, load, findings }: Story, planId: string): Promise<void> {
  const plan = await service.untilPlan("the plan shows the task's last words", planId, (seen) =>
    JSON.stringify(seen).includes(wordsOfKafka) ? seen : undefined,
  );
  findings.keep('the plan of the broker that cannot boot', plan);
  const steps = plan.phases.flatMap((phase) => phase.steps);
  const told = steps.find((step) => JSON.stringify(step).includes(wordsOfKafka));
  findings.check("the step's message has the task's last log lines", told?.name === 'kafka-0:[broker]', told ?? 'none');
  const second = steps.find(({ name }) => name === 'kafka-1:[broker]');
  const waitsForOperator = second?.status === 'WAITING' && second.waiting?.reason.type === 'operator';
  findings.check(
    'the plan stops there: the second broker has not begun',
    second?.status === 'PENDING' || waitsForOperator,
    second ?? 'there is no such step',
  );
  const fromMs = Date.now();
  await new Promise((done) => setTimeout(done, watchMs));
  for (const [client, tally] of Object.entries(await load.tally(fromMs, Date.now()))) {
    const { offered, acknowledgedInside, partitionsInside } = tally;
    findings.check(
      `${client}: the service stays available while one broker cannot boot, on all ${load.partitions} partitions`,
      acknowledgedInside >= leastAcknowledged * offered && partitionsInside === load.partitions,
      { offered, acknowledgedInside, partitionsInside },
    );
  }
}

async function checkOldConfig({ service, findings }: Story, before: unknown): Promise<void> {
  const now = (await service.kafkaOptions())[property];
  findings.check('the old config is the target again', now === before, { before: before ?? null, now: now ?? null });
}

async function checkOthersUntouched({ service, findings }: Story, sinceMs: number): Promise<void> {
  const others = (await service.starts(sinceMs)).map(({ nodeId }) => nodeId).filter((nodeId) => nodeId !== 0);
  findings.check('no other node was restarted', others.length === 0, others);
}
