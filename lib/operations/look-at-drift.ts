import { strict as assert } from 'node:assert';
import { type ActualOverrides, type Drift, driftOf, expectedOverrides } from '../model/kafka/dynamic-overrides.ts';
import { type NodeId, podName } from '../model/node.ts';
import type { ServiceConfig } from '../model/service/config.ts';
import type { NodeGoal, ServiceState } from '../model/state.ts';
import type { KafkaAddresses, KafkaAdmin } from '../ports/kafka-admin.ts';
import type { Store } from '../ports/store.ts';
import { startedWithId } from './node-changes.ts';
import { isPlanComplete } from './run-plan.ts';

export interface DriftPorts {
  readonly store: Pick<Store, 'readService' | 'readConfig'>;
  readonly kafkaAdmin: Pick<KafkaAdmin, 'describeCluster' | 'describeConfigs'>;
}

/** A dynamic config that is not what Warden's own say; `node` is absent of the defaults of all brokers. */
export type NodeDrift = Drift & { readonly node?: string };

export type DriftResult =
  | { readonly type: 'no service' }
  /** `unasked`: brokers that do not serve now; what they were told is not known. */
  | { readonly type: 'looked'; readonly drift: readonly NodeDrift[]; readonly unasked: readonly string[] };

interface BrokerAsked {
  readonly nodeId: NodeId;
  readonly goal: NodeGoal;
  /** The config that its process was started with. */
  readonly startedWithId: string;
}

/**
 * Asks Kafka which dynamic configs others have set or taken away. Each broker is held to the config that it has, the
 * defaults of all brokers to the target or, until a plan has brought them there, to what they may have before. Changes
 * nothing.
 */
export async function lookAtDrift(ports: DriftPorts, service: string): Promise<DriftResult> {
  const state = await ports.store.readService(service);
  if (state === undefined) return { type: 'no service' };
  const config = async (id: string): Promise<ServiceConfig> => {
    const found = await ports.store.readConfig(service, id);
    assert(found !== undefined, `config ${id} is kept while its service lives`);
    return found;
  };
  const target = await config(state.target.configId);
  const addresses = state.target.brokerIds.flatMap((nodeId) => {
    const host = state.goals.find((goal) => goal.nodeId === nodeId)?.host;
    return host === undefined ? [] : [{ host: host.address, port: target.options.brokers.port }];
  });
  const asked = await brokersThatServe(ports, state, addresses);
  const unasked = state.target.brokerIds.filter((id) => !asked.some(({ nodeId }) => nodeId === id)).map(podName);
  if (asked.length === 0) return { type: 'looked', drift: [], unasked };

  const cluster = await ports.kafkaAdmin.describeConfigs(addresses, { resource: { type: 'cluster default' } });
  const drift: NodeDrift[] = [...(await clusterDrift(state, cluster, config))];
  for (const { nodeId, goal, startedWithId: startedWith } of asked) {
    const broker = await ports.kafkaAdmin.describeConfigs(addresses, { resource: { type: 'broker', id: nodeId } });
    const expected = expectedOverrides(await config(startedWith), await config(goal.configId));
    const own = driftOf({ broker, cluster }, expected).filter(({ resource }) => resource === 'broker');
    drift.push(...own.map((found) => ({ node: podName(nodeId), ...found })));
  }
  return { type: 'looked', drift, unasked };
}

/**
 * A step of a plan brings the defaults of all brokers to the target. Until then they are of the config that some broker has
 * or that the plan leads away from, and those of a service that is being installed are not set yet.
 */
async function clusterDrift(
  state: ServiceState,
  cluster: ActualOverrides['cluster'],
  config: (id: string) => Promise<ServiceConfig>,
): Promise<readonly Drift[]> {
  const { target, wish, plans, goals } = state;
  const plan = plans.find(({ id }) => id === wish.planId);
  const underWay = plan !== undefined && !isPlanComplete(state, plan) ? plan : undefined;
  const ofBrokers = goals.filter(({ nodeId }) => target.brokerIds.includes(nodeId)).map(({ configId }) => configId);
  const from = async (id: string): Promise<readonly Drift[]> => {
    const held = await config(id);
    const drift = driftOf({ broker: [], cluster }, expectedOverrides(held, held));
    return drift.filter(({ resource }) => resource === 'cluster default');
  };
  const alsoHeldTo = new Set([...ofBrokers, underWay?.previousConfigId ?? target.configId]);
  const others = await Promise.all([...alsoHeldTo].map(from));
  const isDriftFromAll = (name: string) => others.every((drift) => drift.some((found) => found.name === name));
  const isYetToBeSet = ({ value }: Drift) => value === undefined && underWay?.kind === 'install';
  return (await from(target.configId)).filter((found) => isDriftFromAll(found.name) && !isYetToBeSet(found));
}

async function brokersThatServe(
  { kafkaAdmin }: DriftPorts,
  state: ServiceState,
  addresses: KafkaAddresses,
): Promise<readonly BrokerAsked[]> {
  if (addresses.length === 0) return [];
  const { brokers } = await kafkaAdmin.describeCluster(addresses);
  const serving = new Set(brokers.filter(({ fenced }) => !fenced).map(({ id }) => id));
  return state.target.brokerIds.flatMap((nodeId) => {
    const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
    const startedWith = goal && startedWithId(state, goal);
    if (goal === undefined || startedWith === undefined || !serving.has(nodeId)) return [];
    return [{ nodeId, goal, startedWithId: startedWith }];
  });
}
