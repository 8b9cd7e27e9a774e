import { strict as assert } from 'node:assert';
import type { NodeTaskInput } from '../../model/broker/node-task.ts';
import type { HeldNode, NodeStepPorts } from './node-step.ts';

/** Where the tasks' output goes. */
export interface LogSettings {
  readonly logGroup: string;
  readonly logRegion: string;
}

/** What the task definitions and requests of a node are made from, in the node's own config. */
export async function nodeTaskInput(
  ports: NodeStepPorts & { readonly settings: LogSettings },
  node: HeldNode,
): Promise<NodeTaskInput> {
  const { goal, state } = node;
  const config = await ports.store.readConfig(goal.service, goal.configId);
  assert(config !== undefined, `config ${goal.configId} is kept while its service lives`);
  assert(goal.volume?.id !== undefined, 'Attach volume comes before');
  return {
    target: state.target,
    config,
    nodeId: goal.nodeId,
    volumeId: goal.volume.id,
    ...ports.settings,
  };
}
