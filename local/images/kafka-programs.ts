type Programs = Readonly<Record<string, string>>;

/** Source: bin/ of Apache Kafka 4.3.1. */
const NEWEST: Programs = {
  'connect-mirror-maker.sh': 'org.apache.kafka.connect.mirror.MirrorMaker',
  'kafka-acls.sh': 'org.apache.kafka.tools.AclCommand',
  'kafka-broker-api-versions.sh': 'org.apache.kafka.tools.BrokerApiVersionsCommand',
  'kafka-cluster.sh': 'org.apache.kafka.tools.ClusterTool',
  'kafka-configs.sh': 'kafka.admin.ConfigCommand',
  'kafka-console-consumer.sh': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  'kafka-console-producer.sh': 'org.apache.kafka.tools.ConsoleProducer',
  'kafka-consumer-groups.sh': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-consumer-perf-test.sh': 'org.apache.kafka.tools.ConsumerPerformance',
  'kafka-delete-records.sh': 'org.apache.kafka.tools.DeleteRecordsCommand',
  'kafka-dump-log.sh': 'org.apache.kafka.tools.DumpLogSegments',
  'kafka-features.sh': 'org.apache.kafka.tools.FeatureCommand',
  'kafka-get-offsets.sh': 'org.apache.kafka.tools.GetOffsetShell',
  'kafka-leader-election.sh': 'org.apache.kafka.tools.LeaderElectionCommand',
  'kafka-log-dirs.sh': 'org.apache.kafka.tools.LogDirsCommand',
  'kafka-metadata-quorum.sh': 'org.apache.kafka.tools.MetadataQuorumCommand',
  'kafka-producer-perf-test.sh': 'org.apache.kafka.tools.ProducerPerformance',
  'kafka-reassign-partitions.sh': 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
  'kafka-storage.sh': 'kafka.tools.StorageTool',
  'kafka-topics.sh': 'org.apache.kafka.tools.TopicCommand',
  'kafka-transactions.sh': 'org.apache.kafka.tools.TransactionsCommand',
};

/** Classes that had another name in an older version. */
const OLDER: Readonly<Record<string, Programs>> = {
  '4.1.2': { 'kafka-dump-log.sh': 'kafka.tools.DumpLogSegments' },
  '3.9.2': {
    'kafka-acls.sh': 'kafka.admin.AclCommand',
    'kafka-broker-api-versions.sh': 'kafka.admin.BrokerApiVersionsCommand',
    'kafka-console-producer.sh': 'kafka.tools.ConsoleProducer',
    'kafka-dump-log.sh': 'kafka.tools.DumpLogSegments',
  },
};

/** Kafka's own programs by the class that each starts. */
export function kafkaPrograms(version: string): Programs {
  return { ...NEWEST, ...OLDER[version] };
}
