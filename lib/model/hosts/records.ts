import type { NodeId } from '../node.ts';
import type { NodeLife } from './life.ts';

/** What Kafka says of the nodes on hosts whose agents are out of touch. Writer: the look at Kafka that the sweep makes. */
export interface KafkaWitness {
  readonly service: string;
  /** Epoch milliseconds. */
  readonly askedAt: number;
  readonly nodes: readonly NodeWitness[];
}

export interface NodeWitness {
  readonly nodeId: NodeId;
  readonly life: NodeLife;
  /** Epoch milliseconds of the first answer in a row that said so. */
  readonly since: number;
}

/**
 * A host is to be terminated, so that its nodes can move: stored in each service that has nodes there. Writer: API
 * operations, and the sweep where `enable_replacement` lets it.
 */
export interface HostFence {
  readonly service: string;
  readonly instanceId: string;
  /** Name of the token; `warden` when nobody asked. */
  readonly requestedBy: string;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
  /** Also while nodes there live. */
  readonly force: boolean;
  readonly why: string;
}
