import { replacementIsWanted, volumesToDelete } from '../model/broker/open-replacement.ts';
import { restartIsWanted } from '../model/broker/open-restart.ts';
import { pauseNow } from '../model/broker/pause-now.ts';
import { isWantedDown } from '../model/is-wanted-down.ts';
import type { NodeId } from '../model/node.ts';
import type { NodePause } from '../model/node-wish.ts';
import { payloadVersion, wordName } from '../model/plan/execution.ts';
import type { ServiceState } from '../model/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';
import { startNextRun } from './start-next-run.ts';

/** Starts what operators have asked for of single nodes, and nobody is at work with. Idempotent. */
export async function followNodeWishes(
  ports: { readonly planRunner: PlanRunner; readonly clock: Clock },
  state: ServiceState,
): Promise<void> {
  if (isWantedDown(state.wish)) return;
  for (const { nodeId, restart, replace } of state.nodeWishes) {
    const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
    if (goal === undefined || goal.attempt === 0) continue;
    if (restart !== undefined && restartIsWanted(state, goal))
      await startWord(ports, state, { machine: 'restart', nodeId, word: `r${restart.times}` });
    const pause = pauseNow(state, nodeId, ports.clock());
    if (pause !== undefined) await startPause(ports, state, nodeId, pause);
    const isToReplace = replacementIsWanted(state, goal) || volumesToDelete(state, goal).length > 0;
    // Also for what is left of one: the volume that the node had before.
    const more = { kind: 'replacement' };
    if (replace !== undefined && isToReplace)
      await startWord(ports, state, { machine: 'replace', nodeId, word: `x${replace.times}`, more });
  }
}

/** A pause that is given another deadline is another word, which takes over from the one before. */
function startPause(
  ports: { readonly planRunner: PlanRunner },
  state: ServiceState,
  nodeId: NodeId,
  { requestedAt, until }: NodePause,
): Promise<void> {
  const more = { pausedAt: requestedAt, ...(until === undefined ? {} : { until }) };
  return startWord(ports, state, { machine: 'pause', nodeId, word: `p${requestedAt.toString(36)}`, more });
}

interface Word {
  readonly machine: 'restart' | 'pause' | 'replace';
  readonly nodeId: NodeId;
  /** Which one it is of this node. */
  readonly word: string;
  /** What its machine has to know beside the node. */
  readonly more?: Readonly<Record<string, unknown>>;
}

async function startWord(
  ports: { readonly planRunner: PlanRunner },
  { target: { service, createdAt } }: ServiceState,
  { machine, nodeId, word, more }: Word,
): Promise<void> {
  const input = { v: payloadVersion, service, serviceCreatedAt: createdAt, nodeId, ...more };
  await startNextRun(ports, machine, { base: wordName(service, nodeId, { createdAt, word }), input });
}
