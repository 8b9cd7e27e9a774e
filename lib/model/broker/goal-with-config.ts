import type { NodeGoal } from '../state.ts';

/** The goal of a node that took a config while it runs: what its process was started with stays known. */
export function goalWithConfig(goal: NodeGoal, configId: string): NodeGoal {
  const launch = goal.launch && { launch: { ...goal.launch, configId: goal.launch.configId ?? goal.configId } };
  return { ...goal, ...launch, configId };
}
