import { nodeRun } from '../../model/broker/node-run.ts';
import { pauseNow } from '../../model/broker/pause-now.ts';
import { restartSentences } from '../../model/plan/change-sentences.ts';
import type { ServiceState } from '../../model/state.ts';
import type { NodeStepPorts, NodeStepRequest } from './node-step.ts';
import { restartReasons } from './restart-reasons.ts';

/** Why this step has to stop the node, which runs, as sentences; empty: it has not. */
export async function stopReasons(
  ports: NodeStepPorts,
  state: ServiceState,
  request: Pick<NodeStepRequest, 'kind' | 'nodeId' | 'holder' | 'planId' | 'stepId'>,
): Promise<readonly string[]> {
  if (request.kind !== 'pause') return restartSentences(await restartReasons(ports, state, request));
  const goal = state.goals.find(({ nodeId }) => nodeId === request.nodeId);
  const run = goal && nodeRun(state, goal);
  const pause = pauseNow(state, request.nodeId, ports.clock());
  const isToStop = run?.type === 'seen' && run.seen?.lastStatus !== 'STOPPED' && pause !== undefined;
  return isToStop ? [`${pause.requestedBy} has paused it`] : [];
}
