import { strict as assert } from 'node:assert';
import { optionsOf } from '../../model/broker/node-task.ts';
import { roleOf } from '../../model/node.ts';
import { chooseHost } from '../../model/placement/choose-host.ts';
import type { Host } from '../../model/placement/host.ts';
import type { ServiceConfig } from '../../model/service/config.ts';
import type { NodeGoal, NodeHost, NodeVolume } from '../../model/state.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import type { Hosts } from '../../ports/hosts.ts';
import { commitmentsOf, needsOf, neighboursOf } from './node-commitments.ts';
import {
  announceWait,
  done,
  type HeldNode,
  isStepResult,
  type NodeStepPorts,
  type NodeStepRequest,
  type StepResult,
  storeGoal,
  withHeldNode,
} from './node-step.ts';

type Ports = NodeStepPorts & { readonly hosts: Hosts };

const mibPerGib = 1024;

/**
 * Decides the host of a node and the zone and size of its volume. A node keeps its host; a controller takes the host
 * of the common decision. Waits with a token while no host can take it. Idempotent.
 */
export function placeNode(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  return withHeldNode(ports, request, async (node) => {
    const config = await ports.store.readConfig(node.goal.service, node.goal.configId);
    assert(config !== undefined, `config ${node.goal.configId} is kept while its service lives`);
    const first = placeOf(node, config, await ports.hosts.list());
    if (first.type === 'placed') return placed(ports, node, { config, host: first.host });
    // The token only now, and then one more look: a host that joins meanwhile wakes the step or is seen.
    await announceWait(ports, request, { reason: first.reason, awaits: 'capacity' });
    const second = placeOf(node, config, await ports.hosts.list());
    return second.type === 'placed' ? placed(ports, node, { config, host: second.host }) : { type: 'waiting' };
  });
}

async function placed(
  ports: Ports,
  node: HeldNode,
  { config, host }: { readonly config: ServiceConfig; readonly host: NodeHost },
): Promise<StepResult> {
  const stored = await storeGoal(ports, node, { ...node.goal, host, volume: volumeOf(node.goal, config, host) });
  return isStepResult(stored) ? stored : done;
}

type Place =
  | { readonly type: 'placed'; readonly host: NodeHost }
  | { readonly type: 'wait'; readonly reason: WaitingReason };

function placeOf(node: HeldNode, config: ServiceConfig, hosts: readonly Host[]): Place {
  const { goal, state } = node;
  const decided = goal.host ?? state.controllerHosts?.hosts.find(({ nodeId }) => nodeId === goal.nodeId)?.host;
  if (decided !== undefined) return keepHost(goal, decided, hosts);
  const choice = chooseHost({
    hosts,
    needs: { ...needsOf(config, goal.nodeId), ...(goal.volume === undefined ? {} : { zone: goal.volume.zone }) },
    commitments: commitmentsOf(state, config, goal.nodeId),
    neighbours: neighboursOf(state, roleOf(goal.nodeId), goal.nodeId),
  });
  if (choice.type === 'none') {
    return { type: 'wait', reason: { type: 'capacity', role: roleOf(goal.nodeId), hosts: choice.refusals } };
  }
  return { type: 'placed', host: nodeHost(choice.host) };
}

/** The instance stays; its container instance may have registered anew. */
function keepHost(goal: NodeGoal, decided: NodeHost, hosts: readonly Host[]): Place {
  const host = hosts.find(({ instanceId }) => instanceId === decided.instanceId);
  if (host?.agentConnected === true && host.status === 'ACTIVE') return { type: 'placed', host: nodeHost(host) };
  const why =
    host === undefined ? 'is not registered' : host.agentConnected ? `is ${host.status}` : 'has no connected agent';
  const refusal = {
    instanceId: decided.instanceId,
    zone: decided.zone,
    reasons: [`holds the node's volume and ${why}`],
  };
  return { type: 'wait', reason: { type: 'capacity', role: roleOf(goal.nodeId), hosts: [refusal] } };
}

export function nodeHost(host: Host): NodeHost {
  const { instanceId, containerInstanceArn, address, zone } = host;
  return { instanceId, containerInstanceArn, address, zone };
}

function volumeOf(goal: NodeGoal, config: ServiceConfig, host: NodeHost): NodeVolume {
  return (
    goal.volume ?? {
      generation: 1,
      zone: host.zone,
      sizeGiB: Math.ceil(optionsOf(config, goal.nodeId).disk / mibPerGib),
      fileSystemMade: false,
      kafkaFormatted: false,
    }
  );
}
