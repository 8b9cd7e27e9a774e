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
  /** EC2 refused it when it was asked last, in epoch milliseconds. Writer: whoever carries the wish out. */
  readonly refused?: FenceRefusal;
}

export interface FenceRefusal {
  readonly at: number;
  /** In EC2's words. */
  readonly why: string;
}

/** EC2 has terminated a host that a node of the service ran on: no process of it is left. Writer: the look at the hosts. */
export interface GoneHost {
  readonly service: string;
  readonly instanceId: string;
  readonly seenAt: number;
}

/** A host that nodes of the service are on, as ECS shows it. Written when it changes. Writer: the look at the hosts. */
export interface HostSeen {
  readonly service: string;
  readonly instanceId: string;
  /** As ECS says it: ACTIVE, DRAINING …; INACTIVE also when ECS lists it no more. */
  readonly status: string;
  /** Epoch milliseconds of the first looks that found its agent out of touch, and it stopped in EC2; absent: it is not so. */
  readonly silentSince?: number;
  readonly stoppedSince?: number;
  /** Tasks that had run there when EC2 last showed it stopped: they are over, and are not started again by a boot. */
  readonly endedTasks?: readonly string[];
}

/**
 * The zones of the service's volumes in which no host takes tasks and is in touch, and since when (epoch milliseconds).
 * Written when it changes. Writer: the look at the hosts.
 */
export interface EmptyZones {
  readonly service: string;
  readonly zones: readonly { readonly zone: string; readonly since: number }[];
}
