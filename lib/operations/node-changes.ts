import { strict as assert } from 'node:assert';
import { nodeRun } from '../model/broker/node-run.ts';
import type { NodeId } from '../model/node.ts';
import { type NodeChange, nodeChange } from '../model/plan/node-change.ts';
import type { ServiceConfig } from '../model/service/config.ts';
import type { NodeGoal, ServiceState } from '../model/state.ts';
import type { Store } from '../ports/store.ts';

type Configs = { readonly store: Pick<Store, 'readConfig'> };

/** What it takes to bring each of these nodes from where it is now to the target config. */
export async function nodeChanges(
  ports: Configs,
  state: ServiceState,
  { nodeIds, target }: { readonly nodeIds: readonly NodeId[]; readonly target: ServiceConfig },
): Promise<ReadonlyMap<NodeId, NodeChange>> {
  const read = cached(ports, state.target.service, target);
  const changes = new Map<NodeId, NodeChange>();
  for (const nodeId of nodeIds) changes.set(nodeId, await changeOf(state, nodeId, { read, target }));
  return changes;
}

/** The same for one node and the target that is stored. */
export async function nodeChangeNow(ports: Configs, state: ServiceState, nodeId: NodeId): Promise<NodeChange> {
  const { service, configId } = state.target;
  const target = await ports.store.readConfig(service, configId);
  assert(target !== undefined, `config ${configId} is kept while its service lives`);
  return changeOf(state, nodeId, { read: cached(ports, service, target), target });
}

/** The config that the node's process was started with; undefined while none runs. */
export function startedWithId(state: ServiceState, goal: NodeGoal): string | undefined {
  const run = nodeRun(state, goal);
  const lives = run.type === 'requested' || (run.type === 'seen' && run.seen?.lastStatus !== 'STOPPED');
  return lives ? (goal.launch?.configId ?? goal.configId) : undefined;
}

interface Against {
  readonly read: (configId: string) => Promise<ServiceConfig>;
  readonly target: ServiceConfig;
}

async function changeOf(state: ServiceState, nodeId: NodeId, { read, target }: Against): Promise<NodeChange> {
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  const startedWith = goal && startedWithId(state, goal);
  if (goal === undefined || startedWith === undefined) return { type: 'start' };
  return nodeChange({ nodeId, startedWith: await read(startedWith), current: await read(goal.configId) }, target);
}

/** Most nodes of a service share their config. */
function cached({ store }: Configs, service: string, target: ServiceConfig): Against['read'] {
  const known = new Map<string, Promise<ServiceConfig>>([[target.id, Promise.resolve(target)]]);
  const read = async (configId: string) => {
    const config = await store.readConfig(service, configId);
    assert(config !== undefined, `config ${configId} is kept while its service lives`);
    return config;
  };
  return (configId) => {
    const config = known.get(configId) ?? read(configId);
    known.set(configId, config);
    return config;
  };
}
