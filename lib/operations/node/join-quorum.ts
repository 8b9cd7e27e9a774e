import { knowsVoterAt } from '../../model/broker/knows-voter-at.ts';
import { hasFetchedSince, observedDirectory } from '../../model/broker/quorum-state.ts';
import { advertisedHost } from '../../model/names/advertised-host.ts';
import { isController } from '../../model/node.ts';
import type { KafkaAddress, KafkaAdmin, QuorumView, VoterIdentity } from '../../ports/kafka-admin.ts';
import { kafkaAddresses } from './kafka-addresses.ts';
import { done, type HeldNode, type NodeStepPorts, type NodeStepRequest, type StepResult } from './node-step.ts';
import { withOwnTask } from './own-task.ts';

type Ports = NodeStepPorts & { readonly kafka: KafkaAdmin };
type LedQuorum = Extract<QuorumView, { type: 'led' }>;

/** So long after its start a voter that moved may take to tell its new address. Source: 2 s in a spike, on 4.1.2 and 4.3.1. */
const tellsAddressWithinMs = 30_000;

/**
 * Makes a controller a voter. The first one of a new cluster leads a quorum of itself; that fact is stored before any
 * other controller starts. A voter that moved is done when the quorum knows it at its new address: from 4.0 on it tells that
 * by itself, before it has to be taken out and in again. Idempotent: an id that votes already, where it is now, is done.
 */
export function joinQuorum(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  return withOwnTask(ports, request, async (node) => {
    if (!isController(node.state.target, request.nodeId)) return done;
    const { controllers } = await kafkaAddresses(ports, node.state);
    const quorum = await ports.kafka.describeQuorum(controllers);
    if (quorum.type === 'no leader') {
      return notReady(`no controller leads (${quorum.answers.map(({ answer }) => answer).join(', ')})`);
    }
    if (node.state.quorumFormed === undefined) return formQuorum(ports, node, quorum);
    return join(ports, { node, quorum, controllers });
  });
}

async function formQuorum(ports: Ports, node: HeldNode, quorum: LedQuorum): Promise<StepResult> {
  const { nodeId, service } = node.goal;
  const [first] = node.state.target.controllerIds;
  const voters = quorum.voters.map(({ id }) => id).join(', ');
  if (nodeId !== first || quorum.leaderId !== nodeId || voters !== String(nodeId)) {
    return notReady(`controller ${first} must form it first; leader ${quorum.leaderId}, voters ${voters}`);
  }
  await ports.store.formQuorum({ service, formedAt: ports.clock() });
  return done;
}

async function join(
  ports: Ports,
  {
    node,
    quorum,
    controllers,
  }: { readonly node: HeldNode; readonly quorum: LedQuorum; readonly controllers: readonly KafkaAddress[] },
): Promise<StepResult> {
  const id = node.goal.nodeId;
  const directoryId = observedDirectory(quorum, id);
  const voter = quorum.voters.find((candidate) => candidate.id === id);
  const own = node.goal.host;
  const port = controllers[0]?.port;
  if (own === undefined || port === undefined) return notReady(`the host of controller ${id} is not decided`);
  const host = advertisedHost(node.state.target, { nodeId: id, address: own.address });
  if (voter !== undefined && (directoryId === undefined || directoryId === voter.directoryId)) {
    if (knowsVoterAt(quorum, { id, host, port })) return onceItFetches(node, quorum);
    return takeOut(ports, node, { controllers, quorum, voter });
  }
  if (directoryId === undefined) return notReady(`controller ${id} does not yet fetch from the leader`);
  const listeners = [{ name: 'CONTROLLER', host, port }];
  const result = await ports.kafka.addVoter(controllers, { id, directoryId, listeners });
  switch (result.type) {
    case 'added':
    case 'already voter':
      return done;
    case 'other directory': {
      // The disk was replaced: the voter that the old disk stood for can never come back.
      await ports.kafka.removeVoter(controllers, { id, directoryId: result.directoryId });
      return notReady(`controller ${id} is being taken over from its old disk`);
    }
    case 'not ready':
      return notReady(result.message);
  }
}

/** Until then the voter may be the disk that it had before: with another one it shows up as an observer first. */
function onceItFetches({ goal }: HeldNode, quorum: LedQuorum): StepResult {
  if (hasFetchedSince(quorum, goal.nodeId, goal.launch?.requestedAt ?? 0)) return done;
  return notReady(`controller ${goal.nodeId} has not fetched since its start`);
}

/**
 * The next look finds it as an observer, and adds it where it is now. Of two voters or one nobody can be spared for that: Kafka
 * takes the last one out, too, and then nothing is left that could lead. In the middle of an install fewer vote than are to.
 */
async function takeOut(
  ports: Ports,
  { goal }: HeldNode,
  {
    controllers,
    quorum,
    voter,
  }: { readonly controllers: readonly KafkaAddress[]; readonly quorum: LedQuorum; readonly voter: VoterIdentity },
): Promise<StepResult> {
  const { id, directoryId } = voter;
  const startedAt = goal.launch?.requestedAt ?? 0;
  if (ports.clock() - startedAt < tellsAddressWithinMs || quorum.voters.length < 3) {
    return notReady(`the others know controller ${id} at the address that it had before`);
  }
  await ports.kafka.removeVoter(controllers, { id, directoryId });
  return notReady(`controller ${id} has moved, and is taken out of the quorum and in again`);
}

function notReady(detail: string): StepResult {
  return { type: 'not ready', reason: { type: 'quorum', detail } };
}
