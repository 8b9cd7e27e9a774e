import { strict as assert } from 'node:assert';
import { controllerAddresses, hasLostControllers } from '../../model/broker/has-lost-controllers.ts';
import { partitionName, partitionsOf } from '../../model/broker/partition-state.ts';
import { hasCaughtUp, hasFetchedSince } from '../../model/broker/quorum-state.ts';
import { isBroker, isController } from '../../model/node.ts';
import type { NodeVolume } from '../../model/node-volume.ts';
import type { NodeGoal } from '../../model/state.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import type { KafkaAdmin } from '../../ports/kafka-admin.ts';
import { kafkaAddresses, type ServiceAddresses } from './kafka-addresses.ts';
import {
  changedMeanwhile,
  done,
  type HeldNode,
  isStepResult,
  type NodeStepPorts,
  type NodeStepRequest,
  type StepResult,
  storeGoal,
  tryOf,
} from './node-step.ts';
import { withOwnTask } from './own-task.ts';
import { registrationBehind } from './registration-behind.ts';

type Ports = NodeStepPorts & { readonly kafka: KafkaAdmin };

/**
 * Done when the node is in sync: a broker registered, unfenced, in the ISR of all its partitions, preferred leaders
 * moved back; a controller a voter that has caught up. Then gives the lease and the slot back and ends the step, in
 * one transaction. Idempotent.
 */
export function awaitInSync(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  return withOwnTask(ports, request, async (node) => {
    const addresses = await kafkaAddresses(ports, node.state);
    const { target } = node.state;
    const behind =
      (isController(target, request.nodeId) ? await controllerBehind(ports.kafka, addresses, node.goal) : undefined) ??
      (isBroker(target, request.nodeId) ? await brokerBehind(ports.kafka, addresses, node.goal) : undefined);
    if (behind !== undefined) return { type: 'not ready', reason: behind };
    if (isBroker(target, request.nodeId)) await ports.kafka.electPreferredLeaders(addresses.brokers);
    const soaks = await soak(ports, request, node);
    return isStepResult(soaks) ? soaks : finish(ports, request, soaks);
  });
}

/** A node that this step has started is watched for the minimum soak, from the moment it was in sync first. */
async function soak(ports: Ports, request: NodeStepRequest, node: HeldNode): Promise<HeldNode | StepResult> {
  const { state, goal } = node;
  const begun = state.steps.find(({ stepId }) => stepId === request.stepId);
  if (begun === undefined || (goal.launch?.requestedAt ?? 0) < begun.startedAt) return node;
  const config = await ports.store.readConfig(goal.service, goal.configId);
  assert(config !== undefined, `config ${goal.configId} is kept while its service lives`);
  const soakMs = config.options.service.minimum_soak_secs * 1000;
  if (soakMs === 0) return node;
  const since = goal.inSyncSince ?? ports.clock();
  const watched = goal.inSyncSince === undefined ? await storeGoal(ports, node, { ...goal, inSyncSince: since }) : node;
  const leftSeconds = Math.ceil((since + soakMs - ports.clock()) / 1000);
  if (isStepResult(watched) || leftSeconds <= 0) return watched;
  return { type: 'not ready', reason: { type: 'soak', seconds: leftSeconds } };
}

async function brokerBehind(
  kafka: KafkaAdmin,
  { brokers }: ServiceAddresses,
  goal: NodeGoal,
): Promise<WaitingReason | undefined> {
  const absent = await registrationBehind(kafka, brokers, goal);
  if (absent !== undefined) return absent;
  const partitions = partitionsOf(await kafka.listPartitions(brokers), goal.nodeId);
  const behind = partitions.filter(({ isr }) => !isr.includes(goal.nodeId));
  const [example] = behind;
  return example === undefined
    ? undefined
    : { type: 'replication', partitions: behind.length, example: partitionName(example) };
}

async function controllerBehind(
  kafka: KafkaAdmin,
  { controllers }: ServiceAddresses,
  { nodeId, launch }: NodeGoal,
): Promise<WaitingReason | undefined> {
  const quorum = await kafka.describeQuorum(controllers);
  if (quorum.type === 'no leader') return { type: 'quorum', detail: 'no controller leads' };
  if (!quorum.voters.some(({ id }) => id === nodeId))
    return { type: 'quorum', detail: `controller ${nodeId} is no voter` };
  if (!hasFetchedSince(quorum, nodeId, launch?.requestedAt ?? 0))
    return { type: 'quorum', detail: `controller ${nodeId} has not fetched since its start` };
  return hasCaughtUp(quorum, nodeId)
    ? undefined
    : { type: 'quorum', detail: `controller ${nodeId} has not caught up with leader ${quorum.leaderId}` };
}

function filled(volume: NodeVolume, now: number): NodeVolume {
  return volume.kafkaFormatted ? volume : { ...volume, kafkaFormatted: true, filledAt: now };
}

async function finish(ports: Ports, request: NodeStepRequest, node: HeldNode): Promise<StepResult> {
  const { goal, lease } = node;
  assert(goal.volume !== undefined, 'a node in sync has a volume');
  const { discarded, launch } = goal;
  const addresses = hasLostControllers(node.state, goal) ? controllerAddresses(node.state) : undefined;
  const healthy = {
    ...goal,
    // It has learnt where the controllers are: they hear of it.
    ...(launch === undefined || addresses === undefined ? {} : { launch: { ...launch, controllers: addresses } }),
    // It is in sync without the volumes that it had before.
    ...(discarded === undefined
      ? {}
      : { discarded: discarded.map((volume) => ({ ...volume, needless: true as const })) }),
    volume: filled(goal.volume, ports.clock()),
    failures: { ...goal.failures, count: 0 },
    inSyncSince: goal.inSyncSince ?? ports.clock(),
  };
  const begun = node.state.steps.find(({ stepId }) => stepId === request.stepId);
  const step = begun === undefined ? {} : { step: { ...begun, endedAt: ports.clock(), endedBy: request.holder } };
  const finished = await ports.store.finishNode({ lease, goal: healthy, ...step, ...tryOf(request) });
  return finished ? done : changedMeanwhile;
}
