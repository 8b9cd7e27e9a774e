import { firstControllerId, type NodeId, roleOf } from '../node.ts';
import type { ServiceTarget } from '../state.ts';

/** Who a name belongs to: a service and the private zone that it was installed with. */
export interface NamedService {
  readonly service: string;
  readonly zone: string;
}

/** The service with its zone; undefined for one that uses addresses. */
export function namedService({ service, zone }: Pick<ServiceTarget, 'service' | 'zone'>): NamedService | undefined {
  return zone === undefined ? undefined : { service, zone };
}

/** What all names of a service end with, and no name of another one. */
export function domainOf({ service, zone }: NamedService): string {
  return `${service}.${zone}`;
}

/** `b0.<service>.<zone>` for broker 0, `c0.<service>.<zone>` for node 1000, which is controller 0. */
export function nodeName(named: NamedService, nodeId: NodeId): string {
  const label = roleOf(nodeId) === 'broker' ? `b${nodeId}` : `c${nodeId - firstControllerId}`;
  return `${label}.${domainOf(named)}`;
}

/** Stands for all brokers: what clients begin with. */
export function bootstrapName(named: NamedService): string {
  return `bootstrap.${domainOf(named)}`;
}

/** Whether a service could have published this name, now or with nodes that it had before. */
export function isNameOfService(named: NamedService, name: string): boolean {
  const domain = `.${domainOf(named)}`;
  return name.endsWith(domain) && /^(b\d+|c\d+|bootstrap)$/.test(name.slice(0, -domain.length));
}
