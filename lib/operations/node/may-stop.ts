import { brokerMayStop, type StopJudgement } from '../../model/broker/broker-may-stop.ts';
import { controllerMayStop } from '../../model/broker/controller-may-stop.ts';
import { controllersToRestart } from '../../model/broker/controllers-to-restart.ts';
import type { DiscardRefusal } from '../../model/broker/discard-refusal.ts';
import { mustWaitForOthers } from '../../model/broker/must-wait-for-others.ts';
import { openDiscard } from '../../model/broker/open-replacement.ts';
import { votersSoughtElsewhere } from '../../model/broker/voters-sought-elsewhere.ts';
import { orTheirSilentHost } from '../../model/hosts/their-silent-host.ts';
import { isBroker, isController, podName } from '../../model/node.ts';
import type { ServiceState } from '../../model/state.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import type { Clock } from '../../ports/clock.ts';
import type { KafkaAdmin, KafkaReassignment } from '../../ports/kafka-admin.ts';
import { mayStopCutOff } from './cut-off.ts';
import { deadPartners } from './dead-partners.ts';
import { heldByOperator, heldByThePlace } from './held-back.ts';
import { hostOutOfTouch } from './host-out-of-touch.ts';
import { judgeDiscard } from './judge-discard.ts';
import { kafkaAddresses, type ServiceAddresses } from './kafka-addresses.ts';
import {
  done,
  giveBack,
  type NodeStepPorts,
  type NodeStepRequest,
  type StepResult,
  superseded,
  whyItEnds,
} from './node-step.ts';
import { keepRoomForRestart } from './room-for-restart.ts';
import { stopReasons } from './stop-reasons.ts';

/**
 * Asks Kafka whether the node may stop, and stores when it said yes; before that, keeps room on its host for what it is to
 * need. A node without a running task may, and one that the controllers do not hear of because they have moved. Idempotent.
 */
export async function mayStop(
  ports: NodeStepPorts & { readonly kafka: KafkaAdmin },
  request: NodeStepRequest,
): Promise<StepResult> {
  const state = await ports.store.readService(request.service);
  if (state === undefined) return superseded('the service is gone');
  const ends = whyItEnds(state, request, ports.clock());
  if (ends !== undefined) return giveBack(ports, state, request, ends);
  const said = heldByOperator(state, request, ports.clock());
  if (said !== undefined) return { type: 'not ready', reason: said };
  const cutOff = await mayStopCutOff(ports, state, request);
  if (cutOff !== undefined) return cutOff;
  const isToStop = (await stopReasons(ports, state, request)).length > 0;
  // A pause has the place also for a node that is down: nobody brings it up.
  if (!isToStop && request.kind !== 'pause') return done;
  const taken = heldByThePlace(state, request, ports.clock());
  if (taken !== undefined) return heldUp(ports, state, { reason: taken, by: [state.slot?.nodeId ?? request.nodeId] });
  if (!isToStop) return done;
  // Only a plan may bring a config that needs more than what is kept; of a node that moves nothing is kept where it is.
  const noRoom = request.kind === 'plan' ? await keepRoomForRestart(ports, state, request) : undefined;
  if (noRoom !== undefined) return { type: 'not ready', reason: noRoom };
  const addresses = await kafkaAddresses(ports, state);
  const forbidden =
    request.kind === 'replacement' ? await whyItIsNotReplaced(ports, state, addresses, request) : undefined;
  if (forbidden !== undefined) return { type: 'not ready', reason: forbidden };
  const judgement = await judge(ports, { state, addresses }, request);
  if (judgement.type !== 'may stop') {
    const by = judgement.type === 'must not stop' ? judgement.behind : judgement.before;
    return heldUp(ports, state, { reason: reasonOf(judgement), by });
  }
  const { service, nodeId, holder } = request;
  await ports.store.putVerdict({ service, nodeId, holder, judgedAt: ports.clock() });
  return done;
}

/** By other nodes, of which one may be waited for in vain. */
function heldUp(
  { clock }: Pick<NodeStepPorts, 'clock'>,
  state: ServiceState,
  { reason, by }: { readonly reason: WaitingReason; readonly by: readonly number[] },
): StepResult {
  return { type: 'not ready', reason: orTheirSilentHost(state, reason, { heldUpBy: by, now: clock() }) };
}

/** Beyond the rules of a roll. What was true before the stop is looked at once more after it. */
async function whyItIsNotReplaced(
  { kafka, store, clock }: NodeStepPorts & { readonly kafka: KafkaAdmin },
  state: ServiceState,
  addresses: ServiceAddresses,
  { nodeId }: NodeStepRequest,
): Promise<WaitingReason | undefined> {
  const instanceId = state.goals.find((goal) => goal.nodeId === nodeId)?.host?.instanceId;
  const silent = state.hostsSeen.find((host) => host.instanceId === instanceId && host.silentSince !== undefined);
  if (silent !== undefined) {
    // Within the first moments it may be nothing.
    const blocker = `its host ${silent.instanceId} is out of touch, so that nothing can be stopped there`;
    return (await hostOutOfTouch({ store, clock }, state, nodeId)) ?? { type: 'roll safety', blockers: [blocker] };
  }
  const asked = openDiscard(state, nodeId);
  const lately = asked && refusedLately(state, nodeId, { times: asked.times, now: clock() });
  if (lately !== undefined) return { type: 'discard', nodeId, refusal: lately };
  const refusal = asked && (await judgeDiscard(kafka, { state, addresses, nodeId, asked, isDown: false }));
  return refusal && { type: 'discard', nodeId, refusal };
}

/** So long a node is left alone that was stopped for nothing: what forbade it then may be seen only while it is down. */
const afterRefusalMs = 5 * 60_000;

/** What the look after a stop has found, which is stored until the next stop. */
function refusedLately(
  { verdicts }: ServiceState,
  nodeId: number,
  { times, now }: { readonly times: number; readonly now: number },
): DiscardRefusal | undefined {
  const verdict = verdicts.find((candidate) => candidate.nodeId === nodeId);
  if (verdict?.discard?.times !== times || now - verdict.judgedAt > afterRefusalMs) return undefined;
  return verdict.discard.refusal;
}

type Judgement = StopJudgement | { readonly type: 'comes last'; readonly before: readonly number[] };

function reasonOf(judgement: Exclude<Judgement, { readonly type: 'may stop' }>): WaitingReason {
  if (judgement.type === 'must not stop') return { type: 'roll safety', blockers: judgement.blockers };
  const others = judgement.before.map((nodeId) => podName(nodeId)).join(', ');
  return { type: 'turn', heldBy: `the active controller comes last, and ${others} is not through` };
}

/** A combined node is asked about as both. */
async function judge(
  { kafka, clock }: { readonly kafka: KafkaAdmin; readonly clock: Clock },
  { state, addresses }: { readonly state: ServiceState; readonly addresses: ServiceAddresses },
  { nodeId, holder, planId = '' }: NodeStepRequest,
): Promise<Judgement> {
  const asBroker: StopJudgement = isBroker(state.target, nodeId)
    ? await judgeBroker(kafka, { state, addresses }, nodeId)
    : { type: 'may stop' };
  if (asBroker.type === 'must not stop' || !isController(state.target, nodeId)) return asBroker;
  const quorum = await kafka.describeQuorum(addresses.controllers);
  if (quorum.type === 'no leader') return noLeader(state);
  const openControllerIds = controllersToRestart(state, planId, { holder, nodeId, now: clock() });
  if (mustWaitForOthers({ leaderId: quorum.leaderId, nodeId, openControllerIds })) {
    return { type: 'comes last', before: openControllerIds.filter((other) => other !== nodeId) };
  }
  const { port } = addresses.config.options.controllers;
  return controllerMayStop(quorum, nodeId, votersSoughtElsewhere(state, quorum, port));
}

function noLeader({ target }: ServiceState): Judgement {
  return { type: 'must not stop', blockers: ['the controllers have no leader'], behind: target.controllerIds };
}

function reassignmentSentence({ topic, partition, adding, removing }: KafkaReassignment): string {
  const to = adding.length === 0 ? '' : ` to broker ${adding.join(', ')}`;
  const from = removing.length === 0 ? '' : ` from broker ${removing.join(', ')}`;
  return `${topic}-${partition} is being reassigned${from}${to}`;
}

async function judgeBroker(
  kafka: KafkaAdmin,
  { state, addresses }: { readonly state: ServiceState; readonly addresses: ServiceAddresses },
  nodeId: number,
): Promise<StopJudgement> {
  const cluster = await kafka.describeCluster(addresses.brokers);
  // Registered but fenced while its task runs: it recovers its logs, and a restart would begin that anew.
  const own = cluster.brokers.find(({ id }) => id === nodeId);
  if (own?.fenced === true)
    return { type: 'must not stop', blockers: [`broker ${nodeId} is still recovering its logs`], behind: [] };
  const reassignments = await kafka.listReassignments(addresses.brokers);
  const moving = reassignments.filter(({ replicas }) => replicas.includes(nodeId));
  if (moving.length > 0) {
    return {
      type: 'must not stop',
      blockers: moving.map(reassignmentSentence),
      behind: [],
    };
  }
  const partitions = await kafka.listPartitions(addresses.brokers);
  const judgement = brokerMayStop(partitions, nodeId);
  if (judgement.type !== 'may stop') return judgement;
  const silent = cluster.silent.map(({ address }) => address);
  const behind = await deadPartners(kafka, state, nodeId, { partitions, silent });
  const blockers = behind.map((id) => `broker ${id} does not answer, though Kafka counts it in`);
  return behind.length === 0 ? judgement : { type: 'must not stop', blockers, behind };
}
