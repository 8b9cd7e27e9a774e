import { strict as assert } from 'node:assert';
import { isGone } from '../../model/broker/gone-host.ts';
import { mayBeDetached } from '../../model/broker/may-be-detached.ts';
import { mayLeaveHost } from '../../model/broker/may-leave-host.ts';
import { nodeLoss } from '../../model/broker/node-loss.ts';
import { openDiscard } from '../../model/broker/open-replacement.ts';
import type { NodeHost, StopVerdict } from '../../model/state.ts';
import type { Pause } from '../../ports/clock.ts';
import type { Hosts } from '../../ports/hosts.ts';
import type { Volumes, VolumeView } from '../../ports/volumes.ts';
import { lookAtHosts } from '../look-at-hosts.ts';
import {
  anotherVolume,
  done,
  type HeldNode,
  hostGone,
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
import { withWhatIsLost } from './what-is-lost.ts';

type Ports = NodeStepPorts & { readonly hosts: Hosts; readonly volumes: Volumes; readonly pause: Pause };

/** Most volumes attach within four seconds; afterwards the machine looks again. */
const lookForMs = 20_000;
const betweenLooksMs = 250;

/**
 * Creates the node's volume once in its life and attaches it to the node's host. A node that moved has its volume taken from
 * the host before, never by force: something may still have it mounted there. Idempotent: the client token is the service's,
 * node's and generation's, and EC2 is asked for the state before each act.
 */
export function attachVolume(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  return withHeldNode(ports, request, async (node) => {
    const older = await olderThanVolumes(ports, { state: node.state, nodeId: request.nodeId });
    if (older !== undefined) return older;
    const created = await withVolume(ports, node);
    if (isStepResult(created)) return created;
    const { host, volume } = created.goal;
    assert(host !== undefined && volume?.id !== undefined, 'Place comes before, and the volume was created');
    if (isGone(created.state, host.instanceId)) return hostGone(host.instanceId);
    return bringToHost(ports, request, { node: created, volumeId: volume.id, host });
  });
}

async function withVolume(ports: Ports, node: HeldNode): Promise<HeldNode | StepResult> {
  const { volume } = node.goal;
  assert(volume !== undefined, 'Place comes before');
  if (volume.id !== undefined) return node;
  const id = await ports.volumes.create(volumeRequest(node.state.target.clusterId, node.goal, volume));
  return storeGoal(ports, node, { ...node.goal, volume: { ...volume, id } });
}

interface Move {
  readonly node: HeldNode;
  readonly volumeId: string;
  readonly host: NodeHost;
}

async function bringToHost(ports: Ports, request: NodeStepRequest, move: Move): Promise<StepResult> {
  const { volumeId, host } = move;
  const until = ports.clock() + lookForMs;
  for (;;) {
    const view = await ports.volumes.describe(volumeId);
    if (view !== undefined && isAttached(view, host)) return done;
    if (isToHaveAnother(move, view, ports.clock())) return anotherVolume(volumeId);
    const act = actOn(move, view, ports.clock());
    // EC2's answers may have been slow, and this invocation doubled: whoever has the node now decides on its volume.
    if (act !== 'wait' && !(await isStillHeld(ports, request))) return superseded('another execution has the node');
    if (act === 'attach') {
      const answer = await ports.volumes.attach(volumeId, host.instanceId);
      if (answer.type === 'no host') return hostEnds(ports, move, answer.instanceState);
    } else if (act === 'detach') await ports.volumes.detach(volumeId, view?.attachment?.instanceId);
    else if (view === undefined || ports.clock() >= until || isForeign(move, view)) return notReady(ports, move, view);
    await ports.pause(betweenLooksMs);
  }
}

/** Longer it never takes, and then it never ends: it is undone, and done again under another device name. Source: EBS CSI driver. */
const attachesWithinMs = 90_000;

function actOn({ node, host }: Move, view: VolumeView | undefined, now: number): 'attach' | 'detach' | 'wait' {
  if (view?.state === 'available') return 'attach';
  const { instanceId, state, since } = view?.attachment ?? {};
  const isStuck = state === 'attaching' && since !== undefined && now - since > attachesWithinMs;
  // What never was attached nothing can have mounted.
  if (isStuck && instanceId === host.instanceId) return 'detach';
  if (instanceId === undefined || instanceId === host.instanceId || state !== 'attached') return 'wait';
  return mayBeDetached(node.state, node.goal, instanceId) ? 'detach' : 'wait';
}

/** Each question takes the node through Place once more: a volume that may not be given up now is asked for again later. */
const judgedForMs = 180_000;

/** It does not come back, and somebody has said that the node goes on without what was on it. */
function isToHaveAnother(move: Move, view: VolumeView | undefined, now: number): boolean {
  const { state, goal } = move.node;
  const isLost = view === undefined || view.state === 'error';
  if (!isLost || openDiscard(state, goal.nodeId) === undefined || !mayLeaveHost(state, goal)) return false;
  const { judgedAt } = judgement(move) ?? {};
  // Place knew that, and the node is here all the same.
  return judgedAt === undefined || now - judgedAt > judgedForMs;
}

/** What Kafka has said to this execution of the replacement that is asked for. */
function judgement({ node: { state, goal, lease } }: Move): StopVerdict | undefined {
  const times = openDiscard(state, goal.nodeId)?.times;
  const own = state.verdicts.find(({ nodeId, holder }) => nodeId === goal.nodeId && holder === lease.holder);
  return times !== undefined && own?.discard?.times === times ? own : undefined;
}

/** One that has failed may still be shown as attached. */
function isAttached(view: VolumeView, host: NodeHost): boolean {
  if (view.state === 'error') return false;
  return view.attachment?.instanceId === host.instanceId && view.attachment.state === 'attached';
}

/** It is where nobody moved it from: only whoever attached it there knows why. */
function isForeign({ node, host }: Move, { attachment }: VolumeView): boolean {
  if (attachment === undefined || attachment.instanceId === host.instanceId) return false;
  return !mayBeDetached(node.state, node.goal, attachment.instanceId);
}

/** A host that ends does not come back under its id: as soon as EC2 calls it gone, the node is placed anew. */
async function hostEnds(
  ports: Ports,
  { node, volumeId, host: { instanceId } }: Move,
  instanceState: string,
): Promise<StepResult> {
  const goneHosts = await lookAtHosts(ports, node.goal.service);
  if (isGone({ goneHosts }, instanceId)) return hostGone(instanceId);
  const state = `available, and not attached: EC2 says that its host ${instanceId} is ${instanceState}`;
  return { type: 'not ready', reason: { type: 'volume', volumeId, state } };
}

const isMounted = ': it is still mounted there, and it is not taken by force';

async function notReady(ports: Ports, move: Move, view: VolumeView | undefined): Promise<StepResult> {
  const { node, volumeId } = move;
  const { attachment } = view ?? {};
  const refusal = view === undefined || view.state === 'error' ? judgement(move)?.discard?.refusal : undefined;
  if (refusal !== undefined) {
    const lost = nodeLoss(node.state, node.goal, view?.state);
    const { nodeId } = node.goal;
    return { type: 'not ready', reason: { type: 'discard', nodeId, refusal, ...(lost && { lost }) } };
  }
  const why = attachment?.state === 'busy' ? isMounted : '';
  const at = attachment === undefined ? '' : `, ${attachment.state} at ${attachment.instanceId}${why}`;
  const state = view === undefined ? 'not known to EC2' : `${view.state}${at}`;
  const reason = { type: 'volume' as const, volumeId, state };
  return { type: 'not ready', reason: await withWhatIsLost(ports, node, { reason, volumeState: view?.state }) };
}
