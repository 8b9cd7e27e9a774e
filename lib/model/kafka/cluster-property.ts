/**
 * Dynamic properties by which the controllers decide about partitions. A broker's own override would not reach them, and
 * with eligible leader replicas (Kafka 4.1) Kafka refuses one of `min.insync.replicas`: they stand in the cluster default,
 * which all brokers and controllers follow. Source: ConfigurationControlManager of Kafka 3.9.2, 4.1.2 and 4.3.1.
 */
export const clusterProperties: readonly string[] = ['min.insync.replicas', 'unclean.leader.election.enable'];

/** Whether the cluster default holds the property for all nodes. */
export function isClusterProperty(property: string): boolean {
  return clusterProperties.includes(property);
}
