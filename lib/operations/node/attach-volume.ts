import { strict as assert } from 'node:assert';
import type { NodeHost } from '../../model/state.ts';
import type { Pause } from '../../ports/clock.ts';
import type { Volumes, VolumeView } from '../../ports/volumes.ts';
import {
  done,
  type HeldNode,
  isStepResult,
  isStillHeld,
  type NodeStepPorts,
  type NodeStepRequest,
  type StepResult,
  storeGoal,
  superseded,
  withHeldNode,
} from './node-step.ts';
import { olderThanVolumes } from './older-table.ts';
import { volumeRequest } from './volume-request.ts';

type Ports = NodeStepPorts & { readonly volumes: Volumes; readonly pause: Pause };

/** Most volumes attach within four seconds; afterwards the machine looks again. */
const lookForMs = 20_000;
const betweenLooksMs = 250;

/**
 * Creates the node's volume once in its life and attaches it to the node's host. Idempotent: the client token is the
 * service's, node's and generation's, and EC2 is asked for the state before each act.
 */
export function attachVolume(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  return withHeldNode(ports, request, async (node) => {
    const older = await olderThanVolumes(ports, { state: node.state, nodeId: request.nodeId });
    if (older !== undefined) return older;
    const created = await withVolume(ports, node);
    if (isStepResult(created)) return created;
    const { host, volume } = created.goal;
    assert(host !== undefined && volume?.id !== undefined, 'Place comes before, and the volume was created');
    return bringToHost(ports, request, { volumeId: volume.id, host });
  });
}

async function withVolume(ports: Ports, node: HeldNode): Promise<HeldNode | StepResult> {
  const { volume } = node.goal;
  assert(volume !== undefined, 'Place comes before');
  if (volume.id !== undefined) return node;
  const id = await ports.volumes.create(volumeRequest(node.state.target.clusterId, node.goal, volume));
  return storeGoal(ports, node, { ...node.goal, volume: { ...volume, id } });
}

async function bringToHost(
  ports: Ports,
  request: NodeStepRequest,
  { volumeId, host }: { readonly volumeId: string; readonly host: NodeHost },
): Promise<StepResult> {
  const until = ports.clock() + lookForMs;
  for (;;) {
    const view = await ports.volumes.describe(volumeId);
    if (view !== undefined && isAttached(view, host)) return done;
    if (view?.state === 'available') {
      // EC2's answers may have been slow, and this invocation doubled: whoever has the node now decides on its volume.
      if (!(await isStillHeld(ports, request))) return superseded('another execution has the node');
      const answer = await ports.volumes.attach(volumeId, host.instanceId);
      if (answer.type === 'no host') return hostIsGone(volumeId, host, answer.instanceState);
    } else if (view === undefined || isElsewhere(view, host) || ports.clock() >= until) return notReady(volumeId, view);
    await ports.pause(betweenLooksMs);
  }
}

function isAttached(view: VolumeView, host: NodeHost): boolean {
  return view.attachment?.instanceId === host.instanceId && view.attachment.state === 'attached';
}

function isElsewhere(view: VolumeView, host: NodeHost): boolean {
  return view.attachment !== undefined && view.attachment.instanceId !== host.instanceId;
}

/** A host that ends does not come back under its id: who moves the node, or gives it another host, ends the wait. */
function hostIsGone(volumeId: string, { instanceId }: NodeHost, instanceState: string): StepResult {
  const state = `available, and not attached: EC2 says that its host ${instanceId} is ${instanceState}`;
  return { type: 'not ready', reason: { type: 'volume', volumeId, state } };
}

function notReady(volumeId: string, view: VolumeView | undefined): StepResult {
  const at = view?.attachment === undefined ? '' : `, ${view.attachment.state} at ${view.attachment.instanceId}`;
  const state = view === undefined ? 'not known to EC2' : `${view.state}${at}`;
  return { type: 'not ready', reason: { type: 'volume', volumeId, state } };
}
