import { historyCursor } from '../model/history-page.ts';
import type { NodeId } from '../model/node.ts';

/** The table's layout: one partition a service, one sort key a fact. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

const servicePrefix = 'SERVICE#';

export const servicesKey = (service: string): Key => ({ pk: 'SERVICES', sk: service });
export const portKey = (port: number): Key => ({ pk: 'PORTS', sk: String(port) });
export const hostPromisesPartition = 'HOST-PROMISES';
export const hostPromisesKey: Key = { pk: hostPromisesPartition, sk: 'VERSION' };
export const hostPromiseKey = (service: string, nodeId: NodeId): Key => ({
  pk: hostPromisesPartition,
  sk: `NODE#${service}#${nodeId}`,
});
export const installBarKey: Key = { pk: 'DEPLOYMENT', sk: 'INSTALL-BAR' };
export const orphansKey: Key = { pk: 'DEPLOYMENT', sk: 'ORPHANS' };
export const lostEventsKey: Key = { pk: 'DEPLOYMENT', sk: 'LOST-EVENTS' };
export const configKey = (service: string, configId: string): Key => ({ pk: `CONFIG#${service}`, sk: configId });
const historyPartition = (service: string): string => `HISTORY#${service}`;
/** Sorts by time. */
export const operationKey = (
  service: string,
  operation: { readonly requestedAt: number; readonly id: string },
): Key => ({
  pk: historyPartition(service),
  sk: `OPERATION#${historyCursor(operation)}`,
});
export const proposalKey = (service: string, planId: string): Key => ({
  pk: historyPartition(service),
  sk: `PROPOSAL#${planId}`,
});
/** What of a service is not in its own partition, which every step reads. */
export const sidePartitions = (service: string): readonly string[] => [`CONFIG#${service}`, historyPartition(service)];
export const tombstoneKey = (service: string): Key => ({ pk: `TOMBSTONE#${service}`, sk: 'TOMBSTONE' });
export const servicePartition = (service: string): string => `${servicePrefix}${service}`;

const inService = (service: string, sk: string): Key => ({ pk: servicePartition(service), sk });

export const targetKey = (service: string): Key => inService(service, 'TARGET');
export const wishKey = (service: string): Key => inService(service, 'WISH');
export const planKey = (service: string, planId: string): Key => inService(service, `PLAN#${planId}`);
export const runKey = (service: string, planId: string): Key => inService(service, `RUN#${planId}`);
export const stepKey = (service: string, planId: string, stepId: string): Key =>
  inService(service, `STEP#${planId}#${stepId}`);
export const goalKey = (service: string, nodeId: NodeId): Key => inService(service, `GOAL#${nodeId}`);
export const nodeWishKey = (service: string, nodeId: NodeId): Key => inService(service, `NODE-WISH#${nodeId}`);
export const seenKey = (service: string, taskArn: string): Key => inService(service, `SEEN#${taskArn}`);
export const leaseKey = (service: string, nodeId: NodeId): Key => inService(service, `LEASE#${nodeId}`);
export const slotKey = (service: string): Key => inService(service, 'SLOT');
export const verdictKey = (service: string, nodeId: NodeId): Key => inService(service, `VERDICT#${nodeId}`);
export const waitKey = (service: string, nodeId: NodeId, holder: string): Key =>
  inService(service, `WAIT#${nodeId}#${holder}`);
export const controllerHostsKey = (service: string): Key => inService(service, 'CONTROLLERS');
export const hostSeenKey = (service: string, instanceId: string): Key => inService(service, `HOST#${instanceId}`);
export const witnessKey = (service: string): Key => inService(service, 'WITNESS');
export const fenceKey = (service: string, instanceId: string): Key => inService(service, `FENCE#${instanceId}`);
export const goneHostKey = (service: string, instanceId: string): Key => inService(service, `GONE-HOST#${instanceId}`);
export const ownReplacementsKey = (service: string): Key => inService(service, 'OWN-REPLACEMENTS');
export const emptyZonesKey = (service: string): Key => inService(service, 'EMPTY-ZONES');
export const lastWordsKey = (service: string, nodeId: NodeId): Key => inService(service, `LAST-WORDS#${nodeId}`);
export const steeringKey = (service: string, planId: string): Key => inService(service, `STEERING#${planId}`);
export const refusedUpdateKey = (service: string): Key => inService(service, 'REFUSED-UPDATE');
export const quorumKey = (service: string): Key => inService(service, 'QUORUM');
