import { strict as assert } from 'node:assert';
import { goalWithConfig } from '../../model/broker/goal-with-config.ts';
import {
  type ActualOverrides,
  expectedOverrides,
  type OverrideChange,
  overrideChanges,
} from '../../model/kafka/dynamic-overrides.ts';
import { isBroker, podName } from '../../model/node.ts';
import { nodeChange } from '../../model/plan/node-change.ts';
import type { ServiceConfig } from '../../model/service/config.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import type { ConfigResource, KafkaAddresses, KafkaAdmin } from '../../ports/kafka-admin.ts';
import { kafkaAddresses } from './kafka-addresses.ts';
import {
  done,
  type HeldNode,
  isStepResult,
  type NodeStepPorts,
  type NodeStepRequest,
  type StepResult,
  storeGoal,
  wantedConfigId,
} from './node-step.ts';
import { withOwnTask } from './own-task.ts';
import { registrationBehind } from './registration-behind.ts';

type Ports = NodeStepPorts & { readonly kafka: KafkaAdmin };

/**
 * Brings the dynamic overrides of a running broker, and as a step of a plan the cluster default, to what follows from the
 * config: what others set is taken back. Done when Kafka describes nothing else any more; then the node has its new
 * config. A dedicated controller has no overrides of its own. Idempotent.
 */
export function applyProperties(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  return withOwnTask(ports, request, async (node) => {
    const { goal } = node;
    const startedWith = await configOf(ports, node, goal.launch?.configId ?? goal.configId);
    const wanted = await configOf(ports, node, wantedConfigId(request, node));
    const change = nodeChange({ nodeId: goal.nodeId, startedWith }, wanted);
    if (change.type === 'restart') return notReady(needsRestart(goal.nodeId, { startedWith, wanted }));
    if (isBroker(node.state.target, goal.nodeId)) {
      const waits = await applyToBroker(ports, { node, request, startedWith, wanted });
      if (waits !== undefined) return notReady(waits);
    }
    return takeConfig(ports, node, wanted.id);
  });
}

async function configOf(ports: Ports, { state }: HeldNode, configId: string): Promise<ServiceConfig> {
  const config = await ports.store.readConfig(state.target.service, configId);
  assert(config !== undefined, `config ${configId} is kept while its service lives`);
  return config;
}

/** Stop and Start come before: only a target that moved meanwhile leads here, and the next look sees which plan it is of. */
function needsRestart(
  nodeId: number,
  { startedWith, wanted }: { readonly startedWith: ServiceConfig; readonly wanted: ServiceConfig },
): WaitingReason {
  const message = `${podName(nodeId)} runs with config ${startedWith.id}, and config ${wanted.id} takes a restart of it`;
  return { type: 'error', name: 'NodeNeedsRestart', message };
}

interface Application {
  readonly node: HeldNode;
  readonly request: NodeStepRequest;
  readonly startedWith: ServiceConfig;
  readonly wanted: ServiceConfig;
}

/** Asks for whatever differs, and answers what is waited for then; undefined when nothing differs. */
async function applyToBroker(
  ports: Ports,
  { node, request, startedWith, wanted }: Application,
): Promise<WaitingReason | undefined> {
  const { nodeId } = node.goal;
  const { brokers } = await kafkaAddresses(ports, node.state);
  const absent = await registrationBehind(ports.kafka, brokers, node.goal);
  if (absent !== undefined) return absent;
  const actual: ActualOverrides = {
    broker: await ports.kafka.describeConfigs(brokers, { resource: { type: 'broker', id: nodeId } }),
    cluster: await ports.kafka.describeConfigs(brokers, { resource: { type: 'cluster default' } }),
  };
  const changes = overrideChanges(actual, expectedOverrides(startedWith, wanted));
  // A recovery brings back one node: the cluster default may be that of a newer config, which its plan has begun with.
  const ofCluster = request.kind === 'plan' ? changes.cluster : [];
  const asked = [
    { resource: { type: 'cluster default' } as const, changes: ofCluster },
    { resource: { type: 'broker', id: nodeId } as const, changes: changes.broker },
  ].filter((alteration) => alteration.changes.length > 0);
  for (const alteration of asked) {
    const refused = await alter(ports.kafka, brokers, alteration);
    if (refused !== undefined) return refused;
  }
  const names = asked.flatMap((alteration) => alteration.changes.map(({ name }) => name));
  return names.length === 0 ? undefined : { type: 'properties', nodeId, names };
}

interface Alteration {
  readonly resource: ConfigResource;
  readonly changes: readonly OverrideChange[];
}

/** Kafka takes all changes of a resource or none; refused, they are checked one by one for the name of the culprit. */
async function alter(
  kafka: KafkaAdmin,
  brokers: KafkaAddresses,
  { resource, changes }: Alteration,
): Promise<WaitingReason | undefined> {
  const result = await kafka.incrementalAlterConfigs(brokers, { resource, changes });
  if (result.type === 'altered') return undefined;
  for (const change of changes) {
    const alone = await kafka.incrementalAlterConfigs(brokers, { resource, changes: [change], validateOnly: true });
    if (alone.type === 'refused') return refusal(resource, [change], alone.message);
  }
  return refusal(resource, changes, result.message);
}

function refusal(resource: ConfigResource, changes: readonly OverrideChange[], message: string): WaitingReason {
  const wishes = changes.map((change) => (change.type === 'set' ? `${change.name}=${change.value}` : change.name));
  const where = resource.type === 'broker' ? `broker ${resource.id}` : 'the cluster default';
  return { type: 'error', name: 'KafkaRefusedProperty', message: `${wishes.join(', ')} of ${where}: ${message}` };
}

async function takeConfig(ports: Ports, node: HeldNode, configId: string): Promise<StepResult> {
  const { goal } = node;
  if (goal.configId === configId) return done;
  const stored = await storeGoal(ports, node, goalWithConfig(goal, configId));
  return isStepResult(stored) ? stored : done;
}

function notReady(reason: WaitingReason): StepResult {
  return { type: 'not ready', reason };
}
