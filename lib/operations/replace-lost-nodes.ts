import { strict as assert } from 'node:assert';
import { automaticReplacement } from '../model/broker/automatic-replacement.ts';
import { nodeLoss } from '../model/broker/node-loss.ts';
import { hasNoTask } from '../model/broker/node-run.ts';
import { openReplacement } from '../model/broker/open-replacement.ts';
import { type ReplacementSettings, replacementSettings } from '../model/broker/replacement-settings.ts';
import { podName, roleOf } from '../model/node.ts';
import type { NodeGoal, ServiceState } from '../model/state.ts';
import type { Clock, NewId } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { Volumes } from '../ports/volumes.ts';
import { wishForReplacement, withdrawReplacement } from './replace-node.ts';

interface Ports {
  readonly store: Store;
  readonly volumes: Pick<Volumes, 'describe' | 'listSnapshots'>;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** Who asks, in the history. */
const requestedBy = 'warden';

/**
 * Asks for the replacement of a node that cannot run where its volume is, where the options of the service allow it: of one
 * node, controllers first; the others follow with later looks. Takes back what it has asked for and nobody needs any more.
 * Nothing is started here: whoever follows the wishes of nodes does that. Idempotent.
 */
export async function replaceLostNodes(ports: Ports, service: string): Promise<void> {
  const state = await ports.store.readService(service);
  if (state === undefined) return;
  const concerned = state.goals.filter((goal) => isConcerned(state, goal)).sort(controllersFirst);
  if (concerned.length === 0) return;
  const config = await ports.store.readConfig(service, state.target.configId);
  assert(config !== undefined, `config ${state.target.configId} is kept while its service lives`);
  for (const goal of concerned) {
    // What is written changes what is right for the next one.
    if (await replaceLostNode(ports, state, { goal, settings: replacementSettings(config) })) return;
  }
}

function isConcerned(state: ServiceState, goal: NodeGoal): boolean {
  return hasNoTask(state, goal) || openReplacement(state, goal.nodeId)?.why !== undefined;
}

function controllersFirst({ nodeId: one }: NodeGoal, { nodeId: other }: NodeGoal): number {
  const rank = (nodeId: number): number => (roleOf(nodeId) === 'controller' ? 0 : 1);
  return rank(one) - rank(other) || one - other;
}

/** Whether it wrote something. */
async function replaceLostNode(
  ports: Ports,
  state: ServiceState,
  { goal, settings }: { readonly goal: NodeGoal; readonly settings: ReplacementSettings },
): Promise<boolean> {
  const { nodeId, volume } = goal;
  const volumeState = volume?.id === undefined ? undefined : (await ports.volumes.describe(volume.id))?.state;
  const isLost = nodeLoss(state, goal, volumeState) !== undefined;
  const mayNeedSnapshot = isLost && settings.isEnabled && volume?.id !== undefined && roleOf(nodeId) === 'broker';
  const snapshots = mayNeedSnapshot ? await ports.volumes.listSnapshots([volume.id]) : [];
  const now = ports.clock();
  const decision = automaticReplacement(state, goal, { settings, volumeState, snapshots, now });
  if (decision.type === 'withdraw') {
    const why = `host and volume of ${podName(nodeId)} are back`;
    const { type } = await withdrawReplacement(ports, state.target.service, { nodeId, requestedBy, why });
    return type === 'accepted';
  }
  if (decision.type !== 'replace') return false;
  const { type: _replace, ...choice } = decision;
  const asked = {
    nodeId,
    ...choice,
    ...(volume?.id === undefined ? {} : { volumeId: volume.id }),
    force: false,
    requestedBy,
    ownBefore: state.ownReplacements?.revision ?? 0,
  };
  const { type } = await wishForReplacement(ports, state.target.service, asked);
  return type === 'accepted';
}
