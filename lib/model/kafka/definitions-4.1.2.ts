// biome-ignore-all format: one property per line reads as a table
// Written by scripts/kafka-config/write-definitions.mjs from the ConfigDef of Kafka 4.1.2.
import type { DefinitionDifferences } from './definition.ts';

/** How the public broker properties of Kafka 4.1.2 differ from those of the next newer supported version. */
export const differences412: DefinitionDifferences = {
  absent: [
    'config.providers',
    'controller.quorum.auto.join.enable',
    'controller.quorum.fetch.max.bytes',
    'controller.quorum.fetch.snapshot.max.bytes',
    'cordoned.log.dirs',
    'follower.fetch.last.tiered.offset.enable',
    'group.consumer.assignment.interval.ms',
    'group.consumer.max.assignment.interval.ms',
    'group.consumer.min.assignment.interval.ms',
    'group.coordinator.background.threads',
    'group.coordinator.cached.buffer.max.bytes',
    'group.share.assignment.interval.ms',
    'group.share.max.assignment.interval.ms',
    'group.share.max.delivery.count.limit',
    'group.share.max.partition.max.record.locks',
    'group.share.min.assignment.interval.ms',
    'group.share.min.delivery.count.limit',
    'group.share.min.partition.max.record.locks',
    'group.streams.assignment.interval.ms',
    'group.streams.initial.rebalance.delay.ms',
    'group.streams.max.assignment.interval.ms',
    'group.streams.min.assignment.interval.ms',
    'remote.log.manager.follower.thread.pool.size',
    'share.coordinator.cached.buffer.max.bytes',
  ],
  other: [
    { name: 'advertised.listeners', type: 'string' },
    { name: 'controller.listener.names', type: 'string' },
    { name: 'early.start.listeners', type: 'string' },
    { name: 'group.consumer.assignors', type: 'list', default: 'uniform,range', description: 'The server side assignors as a list of either names for builtin …' },
    { name: 'group.coordinator.append.linger.ms', type: 'int', default: '5', least: 0, description: 'The duration in milliseconds that the coordinator will wait for writes …' },
    { name: 'group.coordinator.rebalance.protocols', type: 'list', default: 'classic,consumer,streams', oneOf: ['consumer', 'classic', 'share', 'streams'], description: 'The list of enabled rebalance protocols.The streams rebalance protocol …' },
    { name: 'group.share.assignors', type: 'list', default: 'simple', description: 'The server-side assignors as a list of either names for built-in …' },
    { name: 'listeners', type: 'string', default: 'PLAINTEXT://:9092', updateMode: 'per-broker' },
    { name: 'log.dir', type: 'string', default: '/tmp/kafka-logs' },
    { name: 'log.dirs', type: 'string' },
    { name: 'num.replica.fetchers', type: 'int', default: '1', updateMode: 'cluster-wide', description: 'Number of fetcher threads used to replicate records from each source …' },
    { name: 'sasl.oauthbearer.expected.audience', type: 'list' },
    { name: 'share.coordinator.append.linger.ms', type: 'int', default: '5', least: 0, description: 'The duration in milliseconds that the share coordinator will wait for …' },
    { name: 'share.coordinator.snapshot.update.records.per.snapshot', type: 'int', default: '500', least: 0, description: 'The number of update records the share coordinator writes between …' },
  ],
};
