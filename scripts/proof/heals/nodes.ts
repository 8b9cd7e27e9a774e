import { setTimeout as pause } from 'node:timers/promises';
import { podName } from '../../../lib/model/node.ts';
import { until } from '../rights/installation.ts';
import type { Findings } from '../rolls/findings.ts';
import type { Service, StepDocument } from '../rolls/service.ts';
import { nodeOf, show } from '../rolls/service.ts';
import type { Story } from '../rolls/story.ts';

/** What the API tells of a node's task. */
export interface NodeSeen {
  readonly nodeId: number;
  readonly attempt: number;
  readonly taskArn: string;
  readonly configId: string;
  readonly instanceId: string;
  readonly address: string;
  readonly zone: string;
  readonly volumeId: string;
  /** In the words of Mesos, for example RUNNING. */
  readonly state: string;
  readonly stoppedReason?: string;
  readonly exitCode?: number;
  /** Why what an operator asked of it is not done yet. */
  readonly waitsFor?: string;
}

/** Two processors that others share: patience costs nothing while all goes well. */
const patienceSeconds = 600;

export async function nodeSeen(service: Service, nodeId: number): Promise<NodeSeen> {
  const answer = await service.call('GET', `/pod/${podName(nodeId)}/info`);
  if (answer.status !== 200) throw new Error(`pod ${podName(nodeId)} was answered with ${show(answer)}`);
  const [one] = answer.body as readonly { readonly info: object; readonly status: object }[];
  return { ...one?.info, ...one?.status, nodeId } as NodeSeen;
}

export async function nodesSeen(service: Service, nodeIds: readonly number[]): Promise<readonly NodeSeen[]> {
  return Promise.all(nodeIds.map((nodeId) => nodeSeen(service, nodeId)));
}

/** kill -9 of the node's JVM, without a word to anybody. Resolves with what the node was before. */
export async function killJvm({ cluster, service }: Pick<Story, 'cluster' | 'service'>, nodeId: number) {
  const was = await nodeSeen(service, nodeId);
  await cluster.chaos('task/kill', { task: was.taskArn, program: 'java' });
  return { ...was, killedAt: Date.now() };
}

/** SIGSTOP for the node's JVM; what asks it for answers goes on. Resolves with what the node was before. */
export async function holdJvm({ cluster, service }: Pick<Story, 'cluster' | 'service'>, nodeId: number) {
  const was = await nodeSeen(service, nodeId);
  await cluster.chaos('task/pause', { task: was.taskArn, program: 'java' });
  return was;
}

/** Waits until a later try of the node than that one runs. */
export async function untilNextTry(service: Service, { nodeId, attempt }: NodeSeen): Promise<NodeSeen> {
  return until(`${podName(nodeId)} runs again`, patienceSeconds, async () => {
    const now = await nodeSeen(service, nodeId).catch(() => undefined);
    return now !== undefined && now.attempt > attempt && now.state === 'RUNNING' ? now : undefined;
  });
}

/** What the plan `recovery` says of a node; undefined while it says nothing. */
export async function recoveryStep(service: Service, nodeId: number): Promise<StepDocument | undefined> {
  const answer = await service.call('GET', '/plans/recovery').catch(() => undefined);
  if (answer === undefined || ![200, 202, 417].includes(answer.status)) return undefined;
  const { phases } = answer.body as { readonly phases: readonly { readonly steps: readonly StepDocument[] }[] };
  return phases.flatMap(({ steps }) => steps).find(({ name }) => nodeOf(name) === nodeId);
}

/** Waits until the plan `recovery` gives such a reason for a node, and resolves with its step. */
export async function untilReason(
  service: Service,
  nodeId: number,
  type: string,
  isIt: (reason: Readonly<Record<string, unknown>>) => boolean = () => true,
): Promise<StepDocument> {
  let last: StepDocument | undefined;
  try {
    return await until(`${podName(nodeId)} waits with the reason ${type}`, patienceSeconds, async () => {
      const step = await recoveryStep(service, nodeId);
      last = step ?? last;
      const reason = step?.waiting?.reason;
      return reason?.type === type && isIt(reason) ? step : undefined;
    });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}; last seen: ${JSON.stringify(last)}`);
  }
}

/** Waits until the pod says that it waits for something of that name, and resolves with all that it says of that. */
export async function untilWaitsFor(service: Service, nodeId: number, part: string): Promise<string> {
  return until(`${podName(nodeId)} waits for ${part}`, patienceSeconds, async () => {
    const { waitsFor } = await nodeSeen(service, nodeId);
    return waitsFor?.includes(part) === true ? waitsFor : undefined;
  });
}

/** Checks that a node came back where it was: on the same volume and host, in the next try. */
export function checkInPlace(findings: Findings, was: NodeSeen, now: NodeSeen, tries = 1): void {
  const shown = ({ attempt, volumeId, instanceId }: NodeSeen) => ({ attempt, volumeId, instanceId });
  const isSame = was.volumeId === now.volumeId && was.instanceId === now.instanceId;
  findings.check(
    `${podName(was.nodeId)} came back on the same volume and host, ${tries} ${tries === 1 ? 'try' : 'tries'} later`,
    isSame && now.attempt === was.attempt + tries,
    { was: shown(was), now: shown(now) },
  );
}

/** Checks that nothing of the service was started for so long. */
export async function checkNothingStarts({ service, findings }: Story, seconds: number): Promise<void> {
  const fromMs = Date.now();
  await pause(seconds * 1000);
  const starts = await service.starts(fromMs);
  findings.check(`nothing was started within ${seconds} s`, starts.length === 0, starts);
}

/** What a person typed and read, for the report; fails unless it was accepted. */
export async function type(story: Pick<Story, 'cluster' | 'findings'>, ...words: readonly string[]): Promise<string> {
  const told = await story.cluster.cli(...words);
  story.findings.keep(told.command, told);
  story.findings.check(
    `"${told.command}" is accepted`,
    told.exitCode === 0,
    told.exitCode === 0 ? told.stdout.trim().replaceAll(/\s+/g, ' ').slice(0, 200) : told,
  );
  return told.stdout;
}
