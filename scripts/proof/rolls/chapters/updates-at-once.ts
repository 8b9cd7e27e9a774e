import type { PlanDocument } from '../../../../lib/contract/plan-schema.ts';
import { checkValues, propertiesSeenByKafka } from '../seen-by-kafka.ts';
import type { AcceptedUpdate } from '../service.ts';
import { brokers, brokersOnly, type Chapter, countStarts, type KafkaOptions, type Story } from '../story.ts';

/** Another read-only property that only brokers read. Around Kafka's default of 1000. */
const other = ({ fresh }: Pick<Story, 'fresh'>) => ({
  kafka: { fetch_purgatory_purge_interval_requests: 1000 + fresh() },
});

/** Updates that meet: each node is restarted once for what changed for it, and not at all for what did not. */
export const updatesAtOnce: Chapter = {
  name: 'updates-at-once',
  title: 'two updates at once, one in the middle of a roll, and one that takes the roll back',
  run: async (story) => {
    await twoAtOnce(story);
    await duringARoll(story);
    await takenBack(story);
  },
};

async function twoAtOnce(story: Story): Promise<void> {
  const { service, findings } = story;
  const startedAt = Date.now();
  const asked = [brokersOnly(story), other(story)];
  const answers = await Promise.all(asked.map((options) => service.askForUpdate(options)));
  findings.check(
    'both are accepted',
    answers.every(({ status }) => status === 202),
    answers.map(({ status }) => status),
  );
  const planIds = answers.map(({ body }) => (body as AcceptedUpdate).planId);
  const turns = await turnsUntilComplete(story, 'deploy');
  for (const planId of planIds) findings.keep(`plan ${planId}`, await service.plan(planId));
  await checkValues(story, valuesOf(asked), brokers);
  const counts = countStarts(await service.starts(startedAt));
  const isBounded = brokers.every((broker) => counts[broker] === 1 || counts[broker] === 2);
  findings.check('each broker was started once or, if it had begun, twice', isBounded, counts);
  // When the newer one takes over before a step of the older has begun, none has to wait.
  const hadToWait = brokers.some((broker) => counts[broker] === 2);
  findings.check('what had to wait for the older plan said so', turns.length > 0 || !hadToWait, { hadToWait, turns });
  findings.check('the last one was started once', counts[2] === 1, counts);
}

/** Neither update may swallow the other. */
function valuesOf(asked: readonly { readonly kafka: KafkaOptions }[]): KafkaOptions {
  return Object.assign({}, ...asked.map(({ kafka }) => kafka));
}

/** What steps of the plan wait for until it is complete, where that is the end of another step. */
async function turnsUntilComplete({ service }: Story, planId: string): Promise<readonly string[]> {
  const turns = new Set<string>();
  await service.untilPlan('the plan is complete', planId, (plan) => {
    for (const sentence of turnsOf(plan)) turns.add(sentence);
    return plan.status === 'COMPLETE' ? true : undefined;
  });
  return [...turns];
}

function turnsOf(plan: PlanDocument): readonly string[] {
  return plan.phases
    .flatMap(({ steps }) => steps)
    .flatMap(({ name, waiting }) => (waiting?.reason.type === 'turn' ? [`${name} ${waiting.sentence}`] : []));
}

/** Broker 0 sees two changes, broker 2 sees both at once. The second one comes while broker 1 is being restarted. */
async function duringARoll(story: Story): Promise<void> {
  const { service, findings } = story;
  const startedAt = Date.now();
  const asked = [brokersOnly(story), other(story)] as const;
  const first = await service.update(asked[0]);
  await untilComplete(story, first.planId, 0);
  await untilStep(story, { planId: first.planId, broker: 1, what: 'is under way', isIt: isUnderWay });
  const second = await service.update(asked[1]);
  const turns = await turnsUntilComplete(story, second.planId);
  findings.check('the second one waits for the restart that is under way, and says so', turns.length > 0, turns);
  await checkValues(story, valuesOf(asked), brokers);
  const counts = countStarts(await service.starts(startedAt));
  findings.check('broker 0 was started for each of the two changes', counts[0] === 2, counts);
  findings.check('broker 1 was started at most twice', counts[1] === 1 || counts[1] === 2, counts);
  findings.check('broker 2 was started once for both', counts[2] === 1, counts);
}

/** For broker 2 nothing changed in the end. */
async function takenBack(story: Story): Promise<void> {
  const { service, findings } = story;
  const startedAt = Date.now();
  const name = 'group_initial_rebalance_delay_ms';
  const before = (await service.kafkaOptions())[name] ?? null;
  const inKafka = await valuesSeen(story, name);
  const first = await service.update(brokersOnly(story));
  await untilComplete(story, first.planId, 0);
  const back = await service.update({ kafka: { [name]: before } });
  await service.untilComplete(back.planId);
  const now = (await service.kafkaOptions())[name] ?? null;
  findings.check('the target is what it was', now === before, { before, now });
  const nowInKafka = await valuesSeen(story, name);
  const isSame = JSON.stringify(nowInKafka) === JSON.stringify(inKafka);
  findings.check('so is what each broker lives by', isSame, { before: inKafka, now: nowInKafka });
  const counts = countStarts(await service.starts(startedAt));
  findings.check('broker 0 went there and back', counts[0] === 2, counts);
  findings.check('broker 2 was never touched', counts[2] === undefined, counts);
}

/** The value of one option on each broker. */
async function valuesSeen(story: Story, option: string): Promise<readonly (string | undefined)[]> {
  const seen: (string | undefined)[] = [];
  for (const nodeId of brokers)
    seen.push((await propertiesSeenByKafka(story, nodeId)).get(option.replaceAll('_', '.')));
  return seen;
}

const isUnderWay = (status: string): boolean => !['PENDING', 'WAITING', 'COMPLETE'].includes(status);

function untilComplete(story: Story, planId: string, broker: number): Promise<void> {
  return untilStep(story, { planId, broker, what: 'is complete', isIt: (status) => status === 'COMPLETE' });
}

async function untilStep(
  { service }: Story,
  { planId, broker, what, isIt }: { planId: string; broker: number; what: string; isIt: (status: string) => boolean },
): Promise<void> {
  await service.untilPlan(`broker ${broker} ${what}`, planId, (plan) =>
    plan.phases
      .flatMap(({ steps }) => steps)
      .some(({ name, status }) => name === `kafka-${broker}:[broker]` && isIt(status))
      ? true
      : undefined,
  );
}
