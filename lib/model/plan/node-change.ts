import { changedProperties } from '../kafka/changed-properties.ts';
import { isReadByController } from '../kafka/controller-property.ts';
import { type NodeId, roleOf } from '../node.ts';
import { kafkaVersionOf, type ServiceConfig } from '../service/config.ts';
import { configDifferences } from './config-difference.ts';

/** Why a node is restarted. The list is closed: each restart carries its reasons. */
export type RestartReason =
  /** A property of its file that Kafka only reads when it starts. */
  | { readonly type: 'property'; readonly name: string }
  /** An option of its section that is no property: cpus, mem, heap … */
  | { readonly type: 'option'; readonly pointer: string }
  | { readonly type: 'version'; readonly from: string; readonly to: string }
  | { readonly type: 'operator'; readonly requestedBy: string }
  /** It does not find the controllers, which have moved since its start. */
  | { readonly type: 'controller address' }
  /** Its host takes no new tasks, and is to be empty. */
  | { readonly type: 'host drains'; readonly instanceId: string }
  /** It is to go to another host, or to go on with another volume. `why`: a sentence, where no operator asked. */
  | { readonly type: 'replacement'; readonly requestedBy: string; readonly why?: string };

/** What an update does to one node. */
export type NodeChange =
  /** It does not run: it is started into the target config. */
  | { readonly type: 'start' }
  | { readonly type: 'restart'; readonly reasons: readonly RestartReason[] }
  /** Kafka takes these properties while it runs. */
  | { readonly type: 'dynamic'; readonly properties: readonly string[] }
  | { readonly type: 'none' };

/** A node as an update finds it. */
export interface NodeUnderChange {
  readonly nodeId: NodeId;
  /** What its process was started with. Absent: it does not run. */
  readonly startedWith?: ServiceConfig;
  /** What it has now: what it was started with, and what it took since. Absent: nothing was taken. */
  readonly current?: ServiceConfig;
}

/**
 * What brings a node to the target config. Its process answers for what Kafka only reads at a start; the rest is compared
 * with what the node has now. Placement, strategies, counts and the other role's section change nothing for a node: what
 * follows from them for Kafka's properties does (one broker replicates nothing, three replicate twice).
 */
export function nodeChange({ nodeId, startedWith, current }: NodeUnderChange, target: ServiceConfig): NodeChange {
  if (startedWith === undefined) return { type: 'start' };
  const reasons = restartReasons(nodeId, startedWith, target);
  if (reasons.length > 0) return { type: 'restart', reasons };
  // A dedicated controller has nothing of its own that changes while it runs: it follows the cluster default.
  if (roleOf(nodeId) === 'controller') return { type: 'none' };
  const properties = changedProperties(current ?? startedWith, target)
    .filter(({ isDynamic }) => isDynamic)
    .map(({ name }) => name);
  return properties.length > 0 ? { type: 'dynamic', properties } : { type: 'none' };
}

function restartReasons(nodeId: NodeId, startedWith: ServiceConfig, target: ServiceConfig): readonly RestartReason[] {
  const from = kafkaVersionOf(startedWith.packageVersion);
  const to = kafkaVersionOf(target.packageVersion);
  const role = roleOf(nodeId);
  const relevant = [...optionsOfRole[role], ...healthCheckOptions(startedWith, target)];
  const options = configDifferences(startedWith, target).filter(({ pointer }) => relevant.includes(pointer));
  const properties = changedProperties(startedWith, target).filter(
    ({ name, isDynamic }) => !isDynamic && (role === 'broker' || isReadByController(name, to)),
  );
  return [
    ...(from === to ? [] : [{ type: 'version' as const, from, to }]),
    ...options.map(({ pointer }) => ({ type: 'option' as const, pointer })),
    ...properties.map(({ name }) => ({ type: 'property' as const, name })),
  ];
}

/** Of every node: the address of the quorum stands in each file. */
const optionsOfAll = [
  '/controllers/mode',
  '/controllers/port',
  '/service/rlimits/rlimit_nofile/hard',
  '/service/rlimits/rlimit_nofile/soft',
];

/**
 * The watchdog in a node's container is told them when it starts; while there is none, before and after, they are told to
 * nobody. A config from before there were health checks has none.
 */
function healthCheckOptions(...configs: readonly ServiceConfig[]): readonly string[] {
  if (!configs.some(({ options }) => options.service.enable_health_check)) return [];
  return [
    '/service/enable_health_check',
    '/service/health_check_delay_sec',
    '/service/health_check_grace_period_sec',
    '/service/health_check_interval_sec',
    '/service/health_check_max_consecutive_failures',
    '/service/health_check_timeout_sec',
  ];
}

/** Options that make a node's task, or the part of its file that is no property of users. */
const optionsOfRole: Readonly<Record<'broker' | 'controller', readonly string[]>> = {
  broker: [
    ...optionsOfAll,
    '/brokers/cpus',
    '/brokers/heap/size',
    '/brokers/kill_grace_period',
    '/brokers/mem',
    '/brokers/port',
  ],
  controller: [...optionsOfAll, '/controllers/cpus', '/controllers/heap/size', '/controllers/mem'],
};
