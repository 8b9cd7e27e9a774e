import { strict as assert } from 'node:assert';
import { type NamedService, namedService, nodeName } from '../../model/names/node-name.ts';
import { namesBeforeStart } from '../../model/names/wanted-names.ts';
import type { NodeGoal } from '../../model/state.ts';
import type { Pause } from '../../ports/clock.ts';
import type { Names, NamesPorts } from '../../ports/names.ts';
import { publishUntilSettled } from '../names/publish-until-settled.ts';
import { zoneOfService } from '../names/zone-of-service.ts';
import {
  done,
  type HeldNode,
  isStepResult,
  type NodeStepPorts,
  type NodeStepRequest,
  type StepResult,
  storeGoal,
  withHeldNode,
} from './node-step.ts';

type Ports = NodeStepPorts & NamesPorts & { readonly pause: Pause };

/** Shorter than the function's timeout of 15 s; the machine asks again afterwards. */
const askForMs = 8_000;
const firstPauseMs = 250;
/** Route 53 takes five requests a second for the whole account. */
const maxPauseMs = 2_000;

/**
 * Makes the names that a node starts with known everywhere: its own, and what it shares with others of its role. The
 * stored fact is looked at first, so a restart in place asks nothing of Route 53, whose control plane lives in another
 * region; what changes by another hand is repaired by reconcile. Idempotent. Nothing to do for a service without a zone.
 * Source: Route 53 API reference, ChangeResourceRecordSets and GetChange.
 */
export function publishName(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  return withHeldNode(ports, request, async (node) => {
    const named = namedService(node.state.target);
    if (named === undefined || isKnown(node.goal, named)) return done;
    const names = zoneOfService(ports, named);
    const asked = isAsked(node.goal, named) ? node : await publish(ports, { node, named, names });
    return isStepResult(asked) ? asked : awaitEverywhere(ports, { node: asked, named, names });
  });
}

interface Publishing {
  readonly node: HeldNode;
  readonly named: NamedService;
  readonly names: Names;
}

function isAsked({ host, published }: NodeGoal, { zone }: NamedService): boolean {
  assert(host !== undefined, 'Place comes before');
  return published?.address === host.address && published.zone === zone;
}

function isKnown(goal: NodeGoal, named: NamedService): boolean {
  return isAsked(goal, named) && goal.published?.changeId === undefined;
}

async function publish(ports: Ports, { node, named, names }: Publishing): Promise<HeldNode | StepResult> {
  const { goal, state } = node;
  assert(goal.host !== undefined, 'Place comes before');
  const { changeId } = await publishUntilSettled({ store: ports.store, names }, state, (now) =>
    namesBeforeStart(now, goal.nodeId),
  );
  const published = { zone: named.zone, address: goal.host.address, changeId };
  return storeGoal(ports, node, { ...goal, published });
}

async function awaitEverywhere(ports: Ports, { node, named, names }: Publishing): Promise<StepResult> {
  const { published } = node.goal;
  assert(published?.changeId !== undefined, 'what was published is on its way');
  const { changeId, ...known } = published;
  const until = ports.clock() + askForMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
    const change = await names.change(changeId);
    if (change === 'everywhere') return store(ports, node, known);
    // Forgotten, so nobody can tell any more: published again by the next try.
    if (change === 'unknown') return store(ports, node, undefined, changeId);
    if (ports.clock() >= until) return onItsWay(named, node.goal, changeId);
    await ports.pause(pauseMs);
  }
}

async function store(
  ports: Ports,
  node: HeldNode,
  published: NodeGoal['published'],
  lostChange?: string,
): Promise<StepResult> {
  const { published: _before, ...goal } = node.goal;
  const stored = await storeGoal(ports, node, published === undefined ? goal : { ...goal, published });
  if (isStepResult(stored)) return stored;
  if (lostChange === undefined) return done;
  const message = `Route 53 does not know the change ${lostChange}, which published the name`;
  return { type: 'not ready', reason: { type: 'error', name: 'ChangeForgotten', message } };
}

function onItsWay(named: NamedService, { nodeId }: NodeGoal, changeId: string): StepResult {
  return { type: 'not ready', reason: { type: 'name', name: nodeName(named, nodeId), changeId } };
}
