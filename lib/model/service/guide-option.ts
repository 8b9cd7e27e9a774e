/** What of an option of the guides is to be said that Warden does not have. */
export interface GuideOption {
  /** Where the guides have it, sections and name with dots between. */
  readonly names: RegExp;
  readonly reason: string;
  /** What to do instead. */
  readonly hint: string;
}

const leaveOut = 'leave it out';
const writeNow = (option: string): Pick<GuideOption, 'reason' | 'hint'> => ({
  reason: 'it is the spelling of an environment variable or flag of DC/OS',
  hint: `write ${option}`,
});

const writeForMesosKafka = (option: string): Pick<GuideOption, 'reason' | 'hint'> => ({
  reason: 'it is the spelling of mesos/kafka',
  hint: `write ${option}`,
});

const writeForSdk = (option: string): Pick<GuideOption, 'reason' | 'hint'> => ({
  reason: 'it is the spelling of the SDK that the 2.x packages are made with',
  hint: `write ${option}`,
});

const writeForGuide = (option: string): Pick<GuideOption, 'reason' | 'hint'> => ({
  reason: 'the 1.x guide spells it otherwise',
  hint: `write ${option}`,
});

/** An option of the SDK's policy of replacement, or the environment variable for it. */
function pod(option: string): RegExp {
  const words = option.replaceAll('-', '[-_]');
  return new RegExp(`^((service\\.)?((pod[-_])?replacement[-_]failure[-_]policy\\.)?)?${words}$`, 'i');
}

/**
 * Options of mesos/kafka, of the 1.x and 2.x guides and their packages that are no options here; the first match counts.
 * None of them is taken in silence: an option that does nothing would promise what does not happen.
 */
const guideOptions: readonly GuideOption[] = [
  { names: /^(name|FRAMEWORK_NAME|SERVICE_NAME)$/, ...writeNow('service.name') },
  { names: /^(broker-count|BROKER_COUNT)$/, ...writeNow('brokers.count') },
  { names: /^(broker-port|BROKER_PORT)$/, ...writeNow('brokers.port') },
  { names: /^BROKER_CPUS$/, ...writeNow('brokers.cpus') },
  { names: /^BROKER_MEM$/, ...writeNow('brokers.mem') },
  { names: /^BROKER_HEAP_MB$/, ...writeNow('brokers.heap.size') },
  { names: /^BROKER_DISK$/, ...writeNow('brokers.disk') },
  { names: /^DISK_TYPE$/, ...writeNow('brokers.disk_type') },
  { names: /^(placement-strategy|PLACEMENT_STRATEGY)$/, ...writeNow('service.placement_strategy') },
  { names: /^PLACEMENT_CONSTRAINT$/, ...writeNow('service.placement_constraint') },
  { names: /^PHASE_STRATEGY$/, ...writeNow('service.phase_strategy') },
  { names: /^DEPLOY_STRATEGY$/, ...writeNow('service.deploy_strategy') },
  { names: /^controllers\.failover-?delay$/i, ...writeForMesosKafka('controllers.failover_delay') },
  { names: /^controllers\.failover-?max-?delay$/i, ...writeForMesosKafka('controllers.failover_max_delay') },
  { names: /^controllers\.failover-?max-?tries$/i, ...writeForMesosKafka('controllers.failover_max_tries') },
  { names: /^((service|brokers)\.)?-{0,2}failover[-_]?delay$/i, ...writeForMesosKafka('brokers.failover_delay') },
  {
    names: /^((service|brokers)\.)?-{0,2}failover[-_]?max[-_]?delay$/i,
    ...writeForMesosKafka('brokers.failover_max_delay'),
  },
  {
    names: /^((service|brokers)\.)?-{0,2}failover[-_]?max[-_]?tries$/i,
    ...writeForMesosKafka('brokers.failover_max_tries'),
  },
  {
    names: /^((service|brokers|controllers)\.)?failover$/,
    ...writeForMesosKafka('failover_delay, failover_max_delay and failover_max_tries of brokers or of controllers'),
  },
  { names: /^ENABLE_BROKER_HEALTH_CHECK$/, ...writeNow('service.enable_health_check') },
  { names: /^BROKER_HEALTH_CHECK_DELAY_SEC$/, ...writeNow('service.health_check_delay_sec') },
  { names: /^BROKER_HEALTH_CHECK_INTERVAL_SEC$/, ...writeNow('service.health_check_interval_sec') },
  { names: /^BROKER_HEALTH_CHECK_TIMEOUT_SEC$/, ...writeNow('service.health_check_timeout_sec') },
  { names: /^BROKER_HEALTH_CHECK_GRACE_SEC$/, ...writeNow('service.health_check_grace_period_sec') },
  { names: /^BROKER_HEALTH_CHECK_MAX_FAILURES$/, ...writeNow('service.health_check_max_consecutive_failures') },
  { names: /^ENABLE_REPLACEMENT$/, ...writeNow('service.enable_replacement') },
  { names: /^RECOVERY_GRACE_PERIOD_SEC$/, ...writeNow('service.recover_in_place_grace_period_secs') },
  { names: /^REPLACE_DELAY_SEC$/, ...writeNow('service.min_delay_between_recovers_secs') },
  {
    names: /^service\.min_delay_between_recoveries_secs$/,
    ...writeForGuide('service.min_delay_between_recovers_secs'),
  },
  { names: pod('enable-automatic-pod-replacement'), ...writeForSdk('service.enable_replacement') },
  { names: pod('permanent-failure-timeout-secs'), ...writeForSdk('service.recover_in_place_grace_period_secs') },
  { names: pod('min-replace-delay-secs'), ...writeForSdk('service.min_delay_between_recovers_secs') },
  {
    names: /^(service\.)?(pod[-_])?replacement[-_]failure[-_]policy$/,
    ...writeForSdk(
      'service.enable_replacement, service.recover_in_place_grace_period_secs and service.min_delay_between_recovers_secs',
    ),
  },
  { names: /^KAFKA_OVERRIDE_/, ...writeNow('the property under kafka, in lower case') },
  {
    names: /zookeeper/i,
    reason: 'Kafka runs without ZooKeeper here: its own controllers hold the metadata',
    hint: `${leaveOut}; controllers.count chooses the size of the quorum`,
  },
  {
    names: /^service\.user$/,
    reason: 'Kafka runs as the user of its image',
    hint: leaveOut,
  },
  {
    names:
      /^service\.(framework_)?(principal|role|secret_name|service_account|service_account_secret|pre_reserved_role)$/,
    reason: 'there is no Mesos to authenticate with: the IAM roles of the deployment decide what Warden may do',
    hint: leaveOut,
  },
  {
    names: /^service\.virtual_network_/,
    reason: 'every node uses the network of its host',
    hint: leaveOut,
  },
  {
    names: /^service\.(log_level|check|mesos_api_version|cmd|sleep)$/,
    reason: 'it is for the scheduler process, and Warden has none',
    hint: leaveOut,
  },
  {
    names: /^service\.logrotate_options$/,
    reason: 'the output of all nodes goes to Amazon CloudWatch Logs',
    hint: leaveOut,
  },
  {
    names: /^service\.region$/,
    reason: 'a deployment of Warden has one region',
    hint: 'deploy Warden in that region',
  },
  {
    names: /^(service\.(security|kerberos|transport_encryption)|brokers\.port_tls)$/,
    reason: 'this version of Warden does not have it yet: its listeners are plain text inside the VPC',
    hint: `${leaveOut}; limit who reaches the brokers with the context key warden:clientCidrs`,
  },
  {
    names: /^((service|brokers)\.(jmx|statsd))$/,
    reason: 'this version of Warden does not have it yet',
    hint: leaveOut,
  },
  {
    names: /^service\.readiness_check$/,
    reason: 'a broker is ready when Kafka says that all its replicas are in sync: there is no command to time',
    hint: leaveOut,
  },
  {
    names:
      /^(enable_health_check|health_check_(delay|interval|timeout|grace_period)_sec|health_check_max_consecutive_failures|enable_replacement|recover_in_place_grace_period_secs|min_delay_between_recovers_secs)$/,
    reason: 'it is an option of the section service',
    hint: 'write it under service',
  },
  {
    names: /^service\.health_check$/,
    reason:
      'nodes are asked for an answer by the options of the 1.x guide, not for an open port (PORT) or for records of a topic (FUNCTIONAL)',
    hint: 'write service.enable_health_check, service.health_check_interval_sec and the others that begin like it',
  },
  {
    names: /^brokers\.(volume_profile|disk_path)$/,
    reason: 'the data of a broker is on a gp3 EBS volume of its own',
    hint: 'choose its size with brokers.disk',
  },
  { names: /^executor$/, reason: 'there is no executor beside a broker', hint: leaveOut },
  {
    names: /(^|[._])vip([._]|$)/,
    reason: 'there is no virtual address in front of the brokers',
    hint: `${leaveOut}; clients find the brokers with the endpoint broker`,
  },
  {
    names: /(^|[._])(java|jre|kafka|assets|executor|scheduler|bootstrap|libmesos)_?uri$/,
    reason: 'nodes run the image apache/kafka of the package version as it is',
    hint: `${leaveOut}; choose the version with packageVersion`,
  },
  {
    names: /^kafka\.kafka_ver_name$/,
    reason: 'the version of Kafka is that of the package',
    hint: 'choose it with packageVersion',
  },
  {
    names: /^kafka\.kafka_advertise_host_ip$/,
    reason: 'brokers always advertise their own address',
    hint: leaveOut,
  },
  {
    names: /^kafka\.quota_(consumer|producer)_default$/,
    reason: 'Kafka has no such property any more: quotas are kept in its metadata',
    hint: 'set quotas with kafka-configs.sh --entity-default',
  },
  {
    names: /^kafka\.(inter_broker_protocol_version|log_message_format_version)$/,
    reason: 'Kafka has no such property any more: the version of its metadata decides',
    hint: leaveOut,
  },
  {
    names:
      /^kafka\.(reserved_broker_max_id|leader_imbalance_per_broker_percentage|controlled_shutdown_(max_retries|retry_backoff_ms)|offsets_commit_required_acks|ssl_endpoint_identification_enabled)$/,
    reason: 'this version of Kafka has no such property any more',
    hint: leaveOut,
  },
];

/** What to say of a name that is no option; undefined when the guides do not have it either. */
export function guideOptionOf(path: readonly string[]): GuideOption | undefined {
  const name = path.join('.');
  return guideOptions.find(({ names }) => names.test(name));
}
