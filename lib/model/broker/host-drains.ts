import type { NodeGoal, ServiceState } from '../state.ts';

/** The host of a node if it drains: by an operator, by its Auto Scaling group, or before Spot takes it back. */
export function drainingHost({ hostsSeen }: Pick<ServiceState, 'hostsSeen'>, goal: NodeGoal): string | undefined {
  return hostsSeen.find(({ instanceId, status }) => instanceId === goal.host?.instanceId && status === 'DRAINING')
    ?.instanceId;
}
