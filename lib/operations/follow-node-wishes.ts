import { replacementIsWanted, volumesToDelete } from '../model/broker/open-replacement.ts';
import { restartIsWanted } from '../model/broker/open-restart.ts';
import { pauseNow } from '../model/broker/pause-now.ts';
import type { NodePause } from '../model/node-wish.ts';
import { payloadVersion, wordName } from '../model/plan/execution.ts';
import type { NodeGoal, ServiceState } from '../model/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';
import { startNextRun } from './start-next-run.ts';

/** Starts what operators have asked for of single nodes, and nobody is at work with. Idempotent. */
export async function followNodeWishes(
  ports: { readonly planRunner: PlanRunner; readonly clock: Clock },
  state: ServiceState,
): Promise<void> {
  if (state.wish.uninstall !== undefined) return;
  for (const { nodeId, restart, replace } of state.nodeWishes) {
    const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
    if (goal === undefined || goal.attempt === 0) continue;
    if (restart !== undefined && restartIsWanted(state, goal)) await startRestart(ports, state, goal, restart.times);
    const pause = pauseNow(state, nodeId, ports.clock());
    if (pause !== undefined) await startPause(ports, state, goal, pause);
    const isToReplace = replacementIsWanted(state, goal) || volumesToDelete(state, goal).length > 0;
    if (replace !== undefined && isToReplace) await startReplacement(ports, state, goal, replace.times);
  }
}

async function startRestart(
  ports: { readonly planRunner: PlanRunner },
  { target: { service, createdAt } }: ServiceState,
  { nodeId }: NodeGoal,
  times: number,
): Promise<void> {
  const input = { v: payloadVersion, service, serviceCreatedAt: createdAt, nodeId };
  const base = wordName(service, nodeId, { createdAt, word: `r${times}` });
  await startNextRun(ports, 'restart', { base, input });
}

/** Also what is left of one: the volume that the node had before. */
async function startReplacement(
  ports: { readonly planRunner: PlanRunner },
  { target: { service, createdAt } }: ServiceState,
  { nodeId }: NodeGoal,
  times: number,
): Promise<void> {
  const input = { v: payloadVersion, service, serviceCreatedAt: createdAt, nodeId, kind: 'replacement' };
  const base = wordName(service, nodeId, { createdAt, word: `x${times}` });
  await startNextRun(ports, 'replace', { base, input });
}

/** A pause that is given another deadline is another word, which takes over from the one before. */
async function startPause(
  ports: { readonly planRunner: PlanRunner },
  { target: { service, createdAt } }: ServiceState,
  { nodeId }: NodeGoal,
  { requestedAt, until }: NodePause,
): Promise<void> {
  const word = { pausedAt: requestedAt, ...(until === undefined ? {} : { until }) };
  const input = { v: payloadVersion, service, serviceCreatedAt: createdAt, nodeId, ...word };
  const base = wordName(service, nodeId, { createdAt, word: `p${requestedAt.toString(36)}` });
  await startNextRun(ports, 'pause', { base, input });
}
