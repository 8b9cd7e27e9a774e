/**
 * What a dedicated controller reads of the users' properties that Kafka only takes at a start. Its file carries all of
 * them; the others are for brokers. What it needs for its own start alone (server.max.startup.time.ms) is left out.
 * Source: which getters of KafkaConfig are called by ControllerServer, ControllerApis, SharedServer, KafkaRaftManager,
 * KafkaMetadataLog, SocketServer and QuotaFactory of Kafka 3.9.2, 4.1.2 and 4.3.1.
 */
const readByControllers: readonly RegExp[] = [
  // Topics that are created without saying how.
  /^(num\.partitions|default\.replication\.factor|delete\.topic\.enable)$/,
  // When a broker is dead, and who leads then.
  /^broker\.(session\.timeout|heartbeat\.interval)\.ms$/,
  /^(auto\.leader\.rebalance\.enable|leader\.imbalance\.check\.interval\.seconds)$/,
  // The log of the metadata.
  /^metadata\./,
  // The listener, and what it counts.
  /^(socket\.|queued\.max\.|quota\.window\.|metrics\.)|^(connections\.max\.idle\.ms|auto\.include\.jmx\.reporter)$/,
];

/** Bounds that the configs of a group are checked against. Source: GroupConfig.validate; Kafka 3 checks none. */
const boundsOfGroups =
  /^group\.(consumer|share|streams)\.(min|max)\.((assignment|heartbeat)\.interval\.ms|session\.timeout\.ms|record\.lock\.duration\.ms|delivery\.count\.limit|partition\.max\.record\.locks|standby\.replicas)$/;

/** Whether a running controller of this version of Kafka works by the value of a property that it read at its start. */
export function isReadByController(property: string, kafkaVersion: string): boolean {
  if (readByControllers.some((names) => names.test(property))) return true;
  return boundsOfGroups.test(property) && !kafkaVersion.startsWith('3.');
}
