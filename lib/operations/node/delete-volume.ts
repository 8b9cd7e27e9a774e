import { isSuperseded } from '../../model/plan/superseded.ts';
import type { Pause } from '../../ports/clock.ts';
import type { Volumes } from '../../ports/volumes.ts';
import { done, type NodeStepPorts, type NodeStepRequest, type StepResult, superseded } from './node-step.ts';
import { volumeRequest } from './volume-request.ts';

type Ports = NodeStepPorts & { readonly volumes: Volumes; readonly pause: Pause };

const lookForMs = 20_000;
const betweenLooksMs = 250;

/**
 * Detaches the volume that the node's goal names, and deletes it unless the wish keeps volumes; one whose id was never
 * learnt held nothing and is not kept. Idempotent; a volume that is still mounted is waited for, never forced.
 */
export async function deleteVolume(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  const state = await ports.store.readService(request.service);
  if (state === undefined) return done;
  const wish = state.wish.uninstall;
  if (wish === undefined || isSuperseded(state, request)) return superseded('the service is to stay');
  const goal = state.goals.find(({ nodeId }) => nodeId === request.nodeId);
  if (goal?.volume === undefined) return done;
  const { volume } = goal;
  // A creation whose answer was lost may have had its effect: asked again by its token, EC2 tells which volume it is.
  const volumeId = volume.id ?? (await ports.volumes.create(volumeRequest(state.target.clusterId, goal, volume)));
  const isKept = wish.keepVolumes && volume.id !== undefined;
  const until = ports.clock() + lookForMs;
  for (;;) {
    const view = await ports.volumes.describe(volumeId);
    if (view === undefined) return done;
    if (view.attachment?.state === 'attached') await ports.volumes.detach(volumeId);
    if (view.state === 'available') {
      if (!isKept) await ports.volumes.remove(volumeId);
      return done;
    }
    if (ports.clock() >= until) return { type: 'not ready', reason: { type: 'volume', volumeId, state: view.state } };
    await ports.pause(betweenLooksMs);
  }
}
