import { isSuperseded } from '../../model/plan/superseded.ts';
import type { Pause } from '../../ports/clock.ts';
import type { Volumes } from '../../ports/volumes.ts';
import { done, type NodeStepPorts, type NodeStepRequest, type StepResult } from './node-step.ts';
import { volumeRequest } from './volume-request.ts';

type Ports = NodeStepPorts & { readonly volumes: Volumes; readonly pause: Pause };

/** Also how long a volume that EC2 does not know is looked for: one that was just made may not be shown yet. */
const lookForMs = 20_000;
const betweenLooksMs = 250;
const endStates = ['deleting', 'deleted'];

/**
 * Detaches the volumes that the node's goal names, and deletes them unless the wish keeps volumes; one whose id was never
 * learnt held nothing and is not kept, nor is one that the node has done without since. Idempotent; a volume that is still mounted is waited for, never forced. EC2 may
 * answer that it does not know a volume which it shows a moment later (eventual consistency).
 */
export async function deleteVolume(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  const state = await ports.store.readService(request.service);
  const wish = state?.wish.uninstall;
  // The service that was to go is gone; another one may have its name.
  if (state === undefined || wish === undefined || isSuperseded(state, request)) return done;
  const goal = state.goals.find(({ nodeId }) => nodeId === request.nodeId);
  if (goal?.volume === undefined) return done;
  const { volume, discarded = [] } = goal;
  // A creation whose answer was lost may have had its effect: asked again by its token, EC2 tells which volume it is.
  const volumeId = volume.id ?? (await ports.volumes.create(volumeRequest(state.target.clusterId, goal, volume)));
  const volumes = [
    { volumeId, isKept: wish.keepVolumes && volume.id !== undefined },
    ...discarded.map(({ id, needless, kept }) => ({
      volumeId: id,
      isKept: wish.keepVolumes && (needless !== true || kept === true),
    })),
  ];
  // Side by side: to look for several that EC2 has forgotten would take longer than a function may.
  const results = await Promise.all(volumes.map((one) => detachOrDelete(ports, one)));
  return results.find(({ type }) => type !== 'done') ?? done;
}

/** A volume that EC2 does not know is gone when EC2 took its deletion, or when it stays unknown for the whole look. */
export async function detachOrDelete(
  ports: Pick<Ports, 'volumes' | 'pause' | 'clock'>,
  { volumeId, isKept }: { readonly volumeId: string; readonly isKept: boolean },
): Promise<StepResult> {
  const until = ports.clock() + lookForMs;
  let isTaken = false;
  for (;;) {
    const view = await ports.volumes.describe(volumeId);
    const isLate = ports.clock() >= until;
    if (view === undefined ? isTaken || isLate : endStates.includes(view.state)) return done;
    if (view?.attachment?.state === 'attached') await ports.volumes.detach(volumeId);
    // One that has failed can be deleted, too, and never becomes available.
    if (view?.state === 'available' || (view?.state === 'error' && view.attachment === undefined)) {
      if (isKept) return done;
      isTaken = (await ports.volumes.remove(volumeId)) || isTaken;
    }
    if (view !== undefined && isLate)
      return { type: 'not ready', reason: { type: 'volume', volumeId, state: view.state } };
    await ports.pause(betweenLooksMs);
  }
}
