import { hasLostControllers } from '../../model/broker/has-lost-controllers.ts';
import { isStopping, nodeRun } from '../../model/broker/node-run.ts';
import { isHeardOf } from '../../model/broker/quorum-state.ts';
import { podName } from '../../model/node.ts';
import type { Operation } from '../../model/operation.ts';
import { restartSentences } from '../../model/plan/change-sentences.ts';
import type { NodeGoal, ServiceState } from '../../model/state.ts';
import type { KafkaAdmin } from '../../ports/kafka-admin.ts';
import { kafkaAddresses } from './kafka-addresses.ts';
import {
  done,
  type HeldNode,
  heldLease,
  type NodeStepPorts,
  type NodeStepRequest,
  type StepResult,
} from './node-step.ts';

type Ports = NodeStepPorts & { readonly kafka: KafkaAdmin };

/** Many times controller.quorum.fetch.timeout.ms (2 s), and longer than a change of the leader: who knows the way has found it. */
const findsThemWithinMs = 30_000;

const noLeader: StepResult = { type: 'not ready', reason: { type: 'quorum', detail: 'no controller leads' } };

/**
 * Of a node that runs, and knows most controllers at addresses that they have left: done when it may be stopped, because the
 * controllers have not heard of it for so long that it does not find them. Undefined: nothing of the kind. A restart or a
 * move that has not begun leaves this to the node's recovery. Idempotent.
 */
export async function mayStopCutOff(
  ports: Ports,
  state: ServiceState,
  request: NodeStepRequest,
): Promise<StepResult | undefined> {
  const { service, nodeId, holder, kind } = request;
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  const isItsWork = kind === 'recovery' || kind === 'plan' || heldLease(state, request) !== undefined;
  const taskArn = goal && runningTask(state, goal);
  if (goal === undefined || taskArn === undefined || !isItsWork || !hasLostControllers(state, goal)) return undefined;
  const hearing = await hearingOf(ports, state, nodeId);
  if (hearing !== 'silence') return hearing === 'heard' ? undefined : noLeader;
  const wait = state.waits.find((candidate) => candidate.nodeId === nodeId && candidate.holder === holder);
  const since = wait?.reason.type === 'controller address' ? wait.since : undefined;
  const now = ports.clock();
  if (since === undefined || now - since < findsThemWithinMs) {
    return { type: 'not ready', reason: { type: 'controller address', nodeId } };
  }
  const isTold = state.verdicts.some(({ cutOff }) => cutOff === taskArn);
  const verdict = { service, nodeId, holder, judgedAt: now, cutOff: taskArn };
  await ports.store.putVerdict(verdict, isTold ? undefined : operationOf(goal, now));
  return done;
}

/**
 * Before a node is waited for that knows most controllers at addresses that they have left: the machine goes back to May stop
 * when they do not hear of it. What brokers say of each other then may be what was. Undefined: it is heard of, or knows them.
 */
export async function isWaitedForInVain(ports: Ports, { state, goal }: HeldNode): Promise<StepResult | undefined> {
  if (runningTask(state, goal) === undefined || !hasLostControllers(state, goal)) return undefined;
  const hearing = await hearingOf(ports, state, goal.nodeId);
  if (hearing !== 'silence') return hearing === 'heard' ? undefined : noLeader;
  return {
    type: 'failed',
    error: 'LostControllers',
    cause: 'the controllers have moved, and have not heard of it since',
  };
}

function runningTask(state: ServiceState, goal: NodeGoal): string | undefined {
  const run = nodeRun(state, goal);
  return run.type === 'seen' && run.seen?.lastStatus === 'RUNNING' && !isStopping(state, goal)
    ? run.taskArn
    : undefined;
}

async function hearingOf(
  ports: Ports,
  state: ServiceState,
  nodeId: number,
): Promise<'heard' | 'silence' | 'no leader'> {
  const { controllers } = await kafkaAddresses(ports, state);
  const quorum = await ports.kafka.describeQuorum(controllers);
  if (quorum.type === 'no leader') return 'no leader';
  return isHeardOf(quorum, nodeId) ? 'heard' : 'silence';
}

/** One line for each process that is stopped so. */
function operationOf({ service, nodeId, attempt }: NodeGoal, requestedAt: number): Operation {
  return {
    ...{
      id: `controller-address-${nodeId}-${attempt}`,
      service,
      kind: 'restart node',
      requestedBy: 'warden',
      requestedAt,
    },
    ...{ pod: podName(nodeId), why: restartSentences([{ type: 'controller address' }]).join() },
  };
}
