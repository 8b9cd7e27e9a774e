/** Two properties of which one must not exceed the other: Kafka ends its start otherwise. */
export interface ValueOrder {
  readonly lesser: string;
  readonly greater: string;
  /** Whether equal values are refused too. */
  readonly isStrict?: boolean;
  /** How many times `lesser` must fit into `greater`; 1 when absent. */
  readonly times?: number;
  /** Kafka takes a `greater` of 0 and less for no limit. */
  readonly isOptional?: boolean;
}

/** Source: the checks of KafkaConfig, GroupCoordinatorConfig and ShareGroupConfig of Kafka 4.3.1. */
export const valueOrders: readonly ValueOrder[] = [
  // Kafka only logs this one; one lost heartbeat would fence the broker.
  { lesser: 'broker.heartbeat.interval.ms', greater: 'broker.session.timeout.ms', times: 2 },
  { lesser: 'replica.fetch.wait.max.ms', greater: 'replica.lag.time.max.ms' },
  { lesser: 'replica.fetch.wait.max.ms', greater: 'replica.socket.timeout.ms' },
  { lesser: 'socket.request.max.bytes', greater: 'queued.max.request.bytes', isOptional: true },
  { lesser: 'group.share.max.size', greater: 'group.share.max.share.sessions' },
  { lesser: 'group.streams.num.standby.replicas', greater: 'group.streams.max.standby.replicas' },
  ...['consumer', 'share', 'streams'].flatMap((kind) => [
    { lesser: `group.${kind}.heartbeat.interval.ms`, greater: `group.${kind}.session.timeout.ms`, isStrict: true },
    ...between(kind, 'heartbeat.interval.ms'),
    ...between(kind, 'session.timeout.ms'),
    ...between(kind, 'assignment.interval.ms'),
  ]),
  ...between('share', 'delivery.count.limit'),
  ...between('share', 'partition.max.record.locks'),
  ...between('share', 'record.lock.duration.ms'),
];

function between(kind: string, name: string): readonly ValueOrder[] {
  const least = `group.${kind}.min.${name}`;
  const most = `group.${kind}.max.${name}`;
  const value = `group.${kind}.${name}`;
  return [
    { lesser: least, greater: most },
    { lesser: least, greater: value },
    { lesser: value, greater: most },
  ];
}
