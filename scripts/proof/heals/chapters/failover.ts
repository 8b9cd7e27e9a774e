import { until } from '../../rights/installation.ts';
import type { NodeStart } from '../../rolls/cluster.ts';
import type { Chapter, Story } from '../../rolls/story.ts';
import {
  checkInPlace,
  checkNothingStarts,
  killJvm,
  type NodeSeen,
  nodeSeen,
  type,
  untilNextTry,
  untilReason,
} from '../nodes.ts';

const victim = 2;
const tries = 3;
const delaysSeconds = [10, 20, 40];

/** A broker that dies as soon as it is started, again and again. */
export const failover: Chapter = {
  name: 'failover',
  title: 'failover delays of 10, 20 and 40 s, deactivated after the third try, reactivated by hand',
  run: async (story) => {
    const { service, findings } = story;
    const settings = { failover_delay: '10s', failover_max_delay: '40s', failover_max_tries: tries };
    const startedAt = Date.now();
    const { planId } = await service.update({ brokers: settings });
    await service.untilComplete(planId);
    const starts = await service.starts(startedAt);
    findings.check('other failover options restart nothing', starts.length === 0, starts);
    try {
      await loop(story);
    } finally {
      const back = { failover_max_tries: null };
      const answer = await service.askForUpdate({ brokers: back });
      findings.keep('options put back', answer);
    }
    await service.untilSettled(3);
  },
};

async function loop(story: Story): Promise<void> {
  const { service, findings } = story;
  const first = await killJvm(story, victim);
  let last: NodeSeen = first;
  for (const [index, seconds] of delaysSeconds.entries()) {
    // What the failure before was told stands until this one is taken up.
    const ofThisOne = ({ attempt }: { readonly attempt?: unknown }) => attempt === index + 1;
    const step = await untilReason(service, victim, 'failover delay', ofThisOne);
    findings.check(
      `the plan recovery shows the delay after failure ${index + 1}, at most ${seconds} s`,
      Number(step.waiting?.reason['seconds']) <= seconds,
      step.waiting?.sentence,
    );
    last = await killNextTry(story, last);
  }
  const given = await untilReason(service, victim, 'deactivated');
  findings.check(
    'it is deactivated, and the plan says how it is brought back',
    given.waiting?.sentence.includes(`warden pod resume kafka-${victim}`) === true,
    given.waiting?.sentence,
  );
  checkDelays(story, await triesSince(story, first.killedAt));
  await checkNothingStarts(story, 50);
  const told = await story.cluster.cli('plan', 'show', 'recovery');
  findings.keep(told.command, told);
  findings.check(`"${told.command}" ends with 1 while it stands still`, told.exitCode === 1, told.stdout);
  await type(story, 'pod', 'resume', `kafka-${victim}`);
  checkInPlace(findings, last, await untilNextTry(service, last));
  await service.untilSettled(3);
}

/** Kills the next try of the broker before it can be in sync. */
async function killNextTry({ cluster, service }: Story, last: NodeSeen): Promise<NodeSeen> {
  return until(`the try after ${last.attempt} is killed`, 300, async () => {
    const now = await nodeSeen(service, victim);
    if (now.attempt === last.attempt || now.taskArn === undefined) return undefined;
    const killed = await cluster.chaos('task/kill', { task: now.taskArn, program: 'java' }).catch(() => undefined);
    return killed === undefined ? undefined : now;
  });
}

/** The tries of the broker that ended since a moment. */
async function triesSince({ service }: Story, sinceMs: number): Promise<readonly NodeStart[]> {
  const all = await service.starts(0);
  return all.filter(({ nodeId, stoppedAt }) => nodeId === victim && (stoppedAt ?? 0) >= sinceMs);
}

/** By ECS's own times: from the end of a try to the request of the next one. */
function checkDelays({ findings }: Story, ended: readonly NodeStart[]): void {
  const seen = ended.slice(1).map(({ createdAt = 0 }, index) => (createdAt - (ended[index]?.stoppedAt ?? 0)) / 1000);
  findings.check(
    `it was started again after at least ${delaysSeconds.join(', ')} s, and before the next longer delay`,
    seen.length === delaysSeconds.length &&
      delaysSeconds.every((seconds, index) => (seen[index] ?? 0) >= seconds && (seen[index] ?? 0) < 2 * seconds),
    seen,
  );
}
