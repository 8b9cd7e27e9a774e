import { drainingHost } from '../../model/broker/host-drains.ts';
import { isCutOff } from '../../model/broker/is-cut-off.ts';
import { nodeRun } from '../../model/broker/node-run.ts';
import { openReplacement } from '../../model/broker/open-replacement.ts';
import { openRestart } from '../../model/broker/open-restart.ts';
import type { RestartReason } from '../../model/plan/node-change.ts';
import { steeringOf } from '../../model/plan/steering/walk.ts';
import type { ServiceState } from '../../model/state.ts';
import { nodeChangeNow } from '../node-changes.ts';
import type { NodeStepPorts, NodeStepRequest } from './node-step.ts';

type Work = Pick<NodeStepRequest, 'kind' | 'nodeId' | 'planId' | 'stepId'>;

/**
 * Why this step has to stop the node, which runs; empty: it has not. A replacement moves it, a recovery leaves it, unless it
 * is cut off.
 */
export async function restartReasons(
  ports: Pick<NodeStepPorts, 'store'>,
  state: ServiceState,
  work: Work & { readonly holder: string },
): Promise<readonly RestartReason[]> {
  const goal = state.goals.find(({ nodeId }) => nodeId === work.nodeId);
  if (goal === undefined) return [];
  const run = nodeRun(state, goal);
  if (run.type !== 'seen' || run.seen?.lastStatus === 'STOPPED') return [];
  if (isCutOff(state, work)) return [{ type: 'controller address' }];
  if (work.kind === 'restart') {
    const asked = openRestart(state, work.nodeId);
    return asked === undefined ? [] : [{ type: 'operator', requestedBy: asked.requestedBy }];
  }
  if (work.kind === 'replacement') {
    const instanceId = drainingHost(state, goal);
    const asked = openReplacement(state, work.nodeId);
    const { requestedBy = '', why } = asked ?? {};
    return [
      ...(instanceId === undefined ? [] : [{ type: 'host drains' as const, instanceId }]),
      ...(asked === undefined
        ? []
        : [{ type: 'replacement' as const, requestedBy, ...(why === undefined ? {} : { why }) }]),
    ];
  }
  if (work.kind !== 'plan') return [];
  const change = await nodeChangeNow(ports, state, work.nodeId);
  const wanted = change.type === 'restart' ? change.reasons : [];
  const asked = operatorRestart(state, work);
  return asked === undefined || goal.launch?.restart === asked.mark
    ? wanted
    : [{ type: 'operator', requestedBy: asked.requestedBy }, ...wanted];
}

/** The newest restart of the step that an operator asked for; `mark` is stored with the start that answers it. */
export function operatorRestart(
  state: Pick<ServiceState, 'steering'>,
  { planId = '', stepId }: Work,
): { readonly mark: string; readonly times: number; readonly requestedBy: string } | undefined {
  const asked = steeringOf(state, planId)?.restarts.find((restart) => restart.stepId === stepId);
  return asked && { mark: `${asked.stepId}#${asked.times}`, times: asked.times, requestedBy: asked.requestedBy };
}
