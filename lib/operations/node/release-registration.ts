import { deactivation } from '../../model/broker/deactivation.ts';
import { isSoonKnown } from '../../model/broker/discard-refusal.ts';
import { electionIsUnderWay } from '../../model/broker/election-is-under-way.ts';
import { type FailoverSettings, nextStartDueAt } from '../../model/broker/failover-delay.ts';
import { isCutOff } from '../../model/broker/is-cut-off.ts';
import { mayLeaveHost } from '../../model/broker/may-leave-host.ts';
import { nodeRun } from '../../model/broker/node-run.ts';
import { openDiscard, openReplacement } from '../../model/broker/open-replacement.ts';
import { openRestart } from '../../model/broker/open-restart.ts';
import { mustStayDown } from '../../model/broker/pause-now.ts';
import { type TaskEnd, taskEnd } from '../../model/broker/proven-stop.ts';
import { registrationMayBeReleased } from '../../model/broker/registration-may-be-released.ts';
import { standingFailures, triesAreUsedUp } from '../../model/broker/standing-failures.ts';
import { controllerMajorityRuns, controllersFirst } from '../../model/broker/turn.ts';
import { isController, podName } from '../../model/node.ts';
import { planBringsUp } from '../../model/plan/plan-brings-up.ts';
import type { TaskSeen } from '../../model/state.ts';
import { waitingSentence } from '../../model/waiting-reason.ts';
import type { KafkaAddresses, KafkaAdmin } from '../../ports/kafka-admin.ts';
import { failoverSettingsOf } from './failover-settings-of.ts';
import { judgeCanary } from './judge-canary.ts';
import { judgeDiscard } from './judge-discard.ts';
import { kafkaAddresses } from './kafka-addresses.ts';
import { livingBrokers } from './living-brokers.ts';
import {
  changedMeanwhile,
  done,
  giveBack,
  type HeldNode,
  isStepResult,
  type NodeStepPorts,
  type NodeStepRequest,
  type StepResult,
  storeGoal,
  tryOf,
  wantedConfigId,
  withHeldNode,
} from './node-step.ts';
import { stopNotProven } from './stop-not-proven.ts';

type Ports = NodeStepPorts & { readonly kafka: KafkaAdmin };

/** controller.quorum.fetch.timeout.ms, in which the others notice, and an election or two. */
const electionMs = 5000;

/**
 * After a proven stop: unregisters the broker where the rule allows it (one that was cut off is fenced, and others that are
 * cut off tell what was), then waits out the failover delay if nobody
 * asked for the stop, or for a restart since. A pause ends here. Ends with `Deactivated`, and gives the node back, when it
 * has failed more often than its config allows, unless it is to be replaced or restarted. Of one that is to give up its volume stores
 * whether it may, for Place. Nothing to do for a node that runs or never ran. Idempotent.
 */
export function releaseRegistration(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  return withHeldNode(ports, request, async (node) => {
    const result = await afterItsStop(ports, request, node);
    return result.type === 'done' ? judgeItsVolume(ports, request) : result;
  });
}

async function afterItsStop(ports: Ports, request: NodeStepRequest, node: HeldNode): Promise<StepResult> {
  const run = nodeRun(node.state, node.goal);
  if (run.type !== 'seen' || run.seen === undefined) return staysDown(ports, request, node) ?? done;
  const end = taskEnd(run.seen, node.state);
  switch (end.type) {
    case 'lives':
      return done;
    case 'not proven':
      return stopNotProven(node.goal, { taskArn: run.taskArn, why: end.description });
    case 'proven': {
      const isLeft = isCutOff(node.state, request) || isResumed(node, request);
      const isReleased = !isController(node.state.target, request.nodeId) && !isLeft;
      const election = isReleased ? await release(ports, node) : undefined;
      if (election !== undefined) return election;
      const waits = await waitOutFailoverDelay(ports, request, node, { seen: run.seen, end });
      return waits.type === 'done' ? awaitControllers(node) : waits;
    }
  }
}

/**
 * A node whose tries are used up comes back with another volume only: it waits here until it may have one. So does one that
 * Kafka is about to take out of the replicas in sync.
 */
function judgeItsVolume(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  return withHeldNode(ports, request, async (node) => {
    const { state, goal } = node;
    const { service, nodeId } = goal;
    const asked = mayLeaveHost(state, goal) ? openDiscard(state, nodeId) : undefined;
    if (asked === undefined) return done;
    const addresses = await kafkaAddresses(ports, state);
    const refusal = await judgeDiscard(ports.kafka, { state, addresses, nodeId, asked, isDown: true });
    const isToWait = refusal !== undefined && isSoonKnown(refusal);
    const staysDown = isToWait || triesAreUsedUp(state, goal, wantedConfigId(request, node));
    if (refusal !== undefined && staysDown) {
      return { type: 'not ready', reason: { type: 'discard', nodeId, refusal } };
    }
    const discard = { times: asked.times, ...(refusal === undefined ? {} : { refusal }) };
    await ports.store.putVerdict({ service, nodeId, holder: request.holder, judgedAt: ports.clock(), discard });
    return done;
  });
}

/** Whoever ended with the whole service may be the one that has the newest records: its session is waited out. */
function isResumed({ state }: HeldNode, { planId }: NodeStepRequest): boolean {
  return state.plans.some(({ id, kind }) => id === planId && kind === 'resume');
}

/** What is to be waited for before it can be said whether it may be released; undefined: it is done, or is not to be. */
async function release(ports: Ports, node: HeldNode): Promise<StepResult | undefined> {
  const { brokers, controllers } = await kafkaAddresses(ports, node.state);
  // The active controller may have ended with it: who looks again in a second loses half of one.
  const leaderWithinMs = controllerMajorityRuns(node.state) ? electionMs : 0;
  const quorum = await ports.kafka.describeQuorum(controllers, { leaderWithinMs });
  const others = brokers.filter(({ host }) => host !== node.goal.host?.address);
  if (quorum.type === 'no leader') {
    const isElecting = electionIsUnderWay(quorum.answers.map(({ answer }) => answer));
    // Else the service stops, or comes back, as a whole: its sessions are waited out.
    if (!isElecting || (await livingBrokers(ports.kafka, others)).length === 0) return undefined;
    // The next leader would give it a whole session.
    return { type: 'not ready', reason: { type: 'quorum', detail: 'the controllers elect a leader' } };
  }
  const witness = await firstWitness(ports.kafka, others);
  if (witness === undefined || !registrationMayBeReleased(witness, node.goal.nodeId)) return undefined;
  // The answers may have been slow, and this invocation given up meanwhile: a broker that was asked to run since keeps
  // its registration.
  const { service, nodeId, attempt } = node.goal;
  const goal = await ports.store.readGoal(service, nodeId);
  if (goal?.attempt === attempt) await ports.kafka.unregisterBroker(controllers, nodeId);
  return undefined;
}

/** The partitions as the living brokers see them; undefined while none answers, which is no reason to hurry anything. */
async function firstWitness(kafka: KafkaAdmin, brokers: KafkaAddresses) {
  const living = await livingBrokers(kafka, brokers);
  return living.length === 0 ? undefined : kafka.listPartitions(living);
}

async function waitOutFailoverDelay(
  ports: Ports,
  request: NodeStepRequest,
  node: HeldNode,
  stop: { readonly seen: TaskSeen; readonly end: TaskEnd & { readonly type: 'proven' } },
): Promise<StepResult> {
  const settings = await failoverSettingsOf(ports, node.goal);
  const counted = await takeUpEnd(ports, node, { asked: stop.end.asked, settings });
  if (isStepResult(counted)) return counted;
  const stays = staysDown(ports, request, counted);
  if (stays !== undefined) return stays;
  // The node may not run in its own config: the plan that brings it another one need not wait until it does.
  const byWord = request.kind === 'restart' || request.kind === 'replacement';
  const leavesIt = request.kind === 'recovery' || (byWord && !stop.end.asked);
  const { nodeId } = node.goal;
  if (leavesIt && planBringsUp(node.state, nodeId)) return giveBack(ports, node.state, request);
  const failed = await judgeCanary(ports, request, counted);
  if (failed !== undefined) return failed;
  const configId = wantedConfigId(request, counted);
  const isAsked = openRestart(counted.state, nodeId) !== undefined;
  const isReplaced = openReplacement(counted.state, nodeId) !== undefined;
  // Each word of an operator is good for one start more.
  const isToStart = isAsked || isReplaced || !triesAreUsedUp(counted.state, counted.goal, configId);
  if (!isToStart) return giveUp(ports, request, counted);
  const attempt = standingFailures(counted.state, counted.goal, configId);
  const dueAt = nextStartDueAt({ ...stop.seen, asked: stop.end.asked }, attempt, settings);
  const leftSeconds = Math.ceil((dueAt - ports.clock()) / 1000);
  if (leftSeconds <= 0 || isAsked) return done;
  return {
    type: 'not ready',
    reason: { type: 'failover delay', seconds: leftSeconds, attempt, stoppedReason: stop.end.description },
  };
}

/** Whoever tries next, an operator or another config, needs the node and the place. */
async function giveUp(ports: Ports, request: NodeStepRequest, { state, lease, goal }: HeldNode): Promise<StepResult> {
  const { reason } = deactivation(state, goal);
  if (!(await ports.store.finishNode({ lease, ...tryOf(request) }))) return changedMeanwhile;
  return { type: 'failed', error: 'Deactivated', cause: `${podName(goal.nodeId)} ${waitingSentence(reason)}` };
}

/** The machine of a pause ends with the node down. */
function staysDown(ports: Ports, { kind }: NodeStepRequest, { state, goal }: HeldNode): StepResult | undefined {
  if (kind !== 'pause' || !mustStayDown(state, goal, ports.clock())) return undefined;
  return { type: 'failed', error: 'Paused', cause: 'it is down, and an operator has paused it' };
}

/** A broker could not register before most controllers run: their restarts come first. */
function awaitControllers({ goal, state }: HeldNode): StepResult {
  if (isController(state.target, goal.nodeId) || controllerMajorityRuns(state)) return done;
  return { type: 'not ready', reason: { type: 'turn', heldBy: controllersFirst(state) } };
}

/** Takes the end of each try up once, however often this step runs; one that nobody asked for is a failure. */
async function takeUpEnd(
  ports: Ports,
  node: HeldNode,
  { asked, settings }: { readonly asked: boolean; readonly settings: FailoverSettings },
): Promise<HeldNode | StepResult> {
  const { attempt, failures } = node.goal;
  if (failures.lastAttempt === attempt) return node;
  const before = standingFailures(node.state, node.goal, node.goal.configId);
  const count = asked ? before : before + 1;
  const { tries } = settings;
  const taken = { count, lastAttempt: attempt, ...(tries === undefined ? {} : { tries }) };
  return storeGoal(ports, node, { ...node.goal, failures: taken });
}
