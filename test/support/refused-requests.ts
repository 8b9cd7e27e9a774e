/**
 * Requests that are refused, as data: the unit test sends them to the API's own functions, and they can be sent to a
 * running system as they are. One service must exist: `kafka` with the ports 9092 and 9093, as a first install
 * without options makes it. No request names it but those that are refused for it.
 */
export interface RefusedRequest {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly status: number;
  /** What the problem's detail says. */
  readonly says: string;
  /** Exactly the errors of the problem; none for a body that cannot be read at all. */
  readonly errors?: readonly ExpectedRefusal[];
}

interface ExpectedRefusal {
  readonly pointer: string;
  readonly value?: unknown;
  /** Part of the sentence. */
  readonly says: string;
  readonly allowed: string;
  readonly hint: string;
}

type Document = Readonly<Record<string, unknown>>;

/** An options document under a name that is free, unless it says another one. */
function named(document: Document): Document {
  const service = document['service'];
  const isSection =
    service === undefined || (typeof service === 'object' && service !== null && !Array.isArray(service));
  return isSection ? { ...document, service: { name: 'refused', ...service } } : document;
}

const post = { method: 'POST', path: '/services' };

function refused(title: string, document: Document, ...errors: readonly ExpectedRefusal[]): RefusedRequest {
  const says = errors.length === 1 ? 'One option is refused' : `${errors.length} options are refused`;
  return { ...post, title, body: JSON.stringify({ options: named(document) }), status: 400, says, errors };
}

/** The same, with a document as text: JSON can say things that JSON.stringify never writes. */
function refusedText(title: string, options: string, ...errors: readonly ExpectedRefusal[]): RefusedRequest {
  return { ...refused(title, {}, ...errors), body: `{"options": ${options}}` };
}

const error = (
  pointer: string,
  value: unknown,
  [says, allowed, hint]: readonly [says: string, allowed: string, hint: string],
): ExpectedRefusal => ({ pointer, value, says, allowed, hint });

const fallBack = (value: number) => `choose a number that is allowed, or leave it out for ${value}`;
const names = 'at most 32 lower-case letters, digits and hyphens, from a letter to a letter or digit';
const kafkaNames = "the names of Kafka's broker properties with _ for .";
const users = 'properties that are left to the users';
const brokers =
  'count, cpus, mem, heap, disk, disk_type, port, kill_grace_period, failover_delay, failover_max_delay, failover_max_tries';
const service =
  'name, placement_constraint, placement_strategy, deploy_strategy, phase_strategy, rollback, canary_limit_secs, minimum_soak_secs, enable_health_check, health_check_delay_sec, health_check_interval_sec, health_check_timeout_sec, health_check_grace_period_sec, health_check_max_consecutive_failures, enable_replacement, recover_in_place_grace_period_secs, min_delay_between_recovers_secs, rlimits';
const leaveOut = 'leave it out';
const constraints =
  '[["hostname", "MAX_PER", "1"]], as JSON or as text, or hostname:UNIQUE,zone:MAX_PER:2; fields hostname and zone, operators MAX_PER and UNIQUE; empty for none';
const byBrokers =
  'leave it out and choose the resources of the node under brokers, or set controllers.mode to dedicated';
const vpcOnly = 'limit who reaches the brokers with the context key warden:clientCidrs';

const badName = (name: string) =>
  refused(
    `the name ${JSON.stringify(name)}`,
    { service: { name } },
    error('/service/name', name, ['Service name must be', names, 'choose another one']),
  );

const badConstraint = (
  given: unknown,
  says: string,
  hint = 'leave it out for one broker on each host, or write [] for none',
) =>
  refused(
    `the placement constraint ${JSON.stringify(given)}`,
    { service: { placement_constraint: given } },
    error('/service/placement_constraint', given, [says, constraints, hint]),
  );

/** A property that is Warden's. */
const forbidden = (
  option: string,
  value: unknown,
  [says, hint = leaveOut, shown = value]: [string, string?, unknown?],
) =>
  refused(
    `the property ${option}`,
    { kafka: { [option]: value } },
    error(`/kafka/${option}`, shown, [`${option.replaceAll('_', '.')} cannot be set: ${says}`, users, hint]),
  );

/** An option of the guides that Warden does not have. */
const ofGuides = (
  section: 'service' | 'brokers',
  option: string,
  [value, says, hint = leaveOut]: [unknown, string, string?],
) =>
  refused(
    `the option ${section}.${option} of the guides`,
    { [section]: { [option]: value } },
    error(`/${section}/${option}`, value, [
      `${section}.${option} cannot be set: ${says}`,
      section === 'service' ? service : brokers,
      hint,
    ]),
  );

const bodies: readonly RefusedRequest[] = [
  { ...post, title: 'a body that is not JSON', body: '{"options": {', status: 400, says: 'The body is not JSON: ' },
  { ...post, title: 'a body that is no object', body: '[]', status: 400, says: 'The body must be an object' },
  {
    ...{ ...post, title: 'a body of 256 KiB and one byte', status: 413 },
    body: `{"options":{"service":{"name":"refused"}}}${' '.repeat(262_144 - 41)}`,
    says: 'The body has 262145 bytes, more than 262144',
  },
];

const versions: readonly RefusedRequest[] = ['1.0.0-4.1.0', '1.0.0-4.1.1'].map((packageVersion) => ({
  ...{ ...post, title: `package version ${packageVersion}`, status: 400, says: 'One option is refused' },
  body: JSON.stringify({ options: named({}), packageVersion }),
  errors: [
    error('/packageVersion', packageVersion, [
      'CVE-2026-33557',
      '1.0.0-3.9.2, 1.0.0-4.1.2, 1.0.0-4.3.1',
      'choose one of: 1.0.0-3.9.2, 1.0.0-4.1.2, 1.0.0-4.3.1',
    ]),
  ],
}));

const typesAndRanges: readonly RefusedRequest[] = [
  // The name that these leave to its default is taken; nothing is said of that.
  refusedText(
    'options that are a list',
    '[]',
    error(
      '',
      [],
      ['the options document must be an object', 'an object', 'write its options in braces, or leave it out'],
    ),
  ),
  refusedText(
    'a section service that is a number',
    '{"service": 7}',
    error('/service', 7, ['service must be an object', 'an object', 'write its options in braces, or leave it out']),
  ),
  refused(
    'no broker',
    { brokers: { count: 0 } },
    error('/brokers/count', 0, ['from 1 to 100, not 0', 'from 1 to 100', fallBack(3)]),
  ),
  refused(
    '101 brokers',
    { brokers: { count: 101 } },
    error('/brokers/count', 101, ['not 101', 'from 1 to 100', fallBack(3)]),
  ),
  refused(
    'a count in quotes',
    { brokers: { count: '3' } },
    error('/brokers/count', '3', [
      'must be an integer, not the text "3"',
      'an integer',
      'write whole digits without quotes',
    ]),
  ),
  refused(
    'half a broker',
    { brokers: { count: 1.5 } },
    error('/brokers/count', 1.5, ['must be an integer, not 1.5', 'an integer', 'write whole digits without quotes']),
  ),
  refused(
    'null for a number',
    { brokers: { mem: null } },
    error('/brokers/mem', null, ['must be an integer, not null', 'an integer', 'write whole digits without quotes']),
  ),
  refusedText(
    'a number beyond all numbers',
    '{"service":{"name":"refused"},"brokers":{"cpus":1e999}}',
    error('/brokers/cpus', 'Infinity', ['must be a number, not Infinity', 'a number', 'write it without quotes']),
  ),
  refused(
    'NaN as a text',
    { brokers: { cpus: 'NaN' } },
    error('/brokers/cpus', 'NaN', ['must be a number, not the text "NaN"', 'a number', 'write it without quotes']),
  ),
  refused(
    'no CPU',
    { brokers: { cpus: 0 } },
    error('/brokers/cpus', 0, ['not 0', 'from 0.1 to 192 cores', fallBack(1)]),
  ),
  refused(
    'a negative disk',
    { brokers: { disk: -1 } },
    error('/brokers/disk', -1, ['not -1', 'from 1000 to 16777216 MiB', fallBack(5000)]),
  ),
  refused(
    'a heap that is no section',
    { brokers: { heap: 512 } },
    error('/brokers/heap', 512, [
      'brokers.heap must be an object',
      'an object',
      'write its options in braces, or leave it out',
    ]),
  ),
  refused(
    'a section that is a list',
    { brokers: [] },
    error('/brokers', [], ['brokers must be an object', 'an object', 'write its options in braces, or leave it out']),
  ),
  refused(
    'a port below the open ones',
    { brokers: { port: 9091 } },
    error('/brokers/port', 9091, ['not 9091', '0 or from 9092 to 9391', fallBack(0)]),
  ),
  refused(
    'the kill grace period of the guides',
    { brokers: { kill_grace_period: 30 } },
    error('/brokers/kill_grace_period', 30, [
      'not 30',
      'from 300 to 3600 seconds',
      'handing over leaders may take minutes under load, and a killed broker must recover its log: leave it at 300 or raise it',
    ]),
  ),
  refused(
    'an unknown disk type',
    { brokers: { disk_type: 'SSD' } },
    error('/brokers/disk_type', 'SSD', [
      'must be one of ROOT, MOUNT, not "SSD"',
      'one of ROOT, MOUNT',
      'write ROOT or MOUNT, or leave it out for ROOT',
    ]),
  ),
  refused(
    'too few open files',
    { service: { rlimits: { rlimit_nofile: { soft: 1024 } } } },
    error('/service/rlimits/rlimit_nofile/soft', 1024, ['not 1024', 'from 128000 to 1048576', fallBack(128_000)]),
  ),
  refused(
    'two controllers',
    { controllers: { count: 2 } },
    error('/controllers/count', 2, [
      'not 2',
      'one of 1, 3, 5',
      'for one node without controllers of its own set controllers.mode to combined',
    ]),
  ),
  refused(
    'no controllers',
    { controllers: { count: 0 } },
    error('/controllers/count', 0, [
      'not 0',
      'one of 1, 3, 5',
      'for one node without controllers of its own set controllers.mode to combined',
    ]),
  ),
];

const unknownOptions: readonly RefusedRequest[] = [
  refused(
    'a misspelt option',
    { brokers: { cuont: 3 } },
    error('/brokers/cuont', 3, ['there is no option brokers.cuont', brokers, 'did you mean brokers.count?']),
  ),
  refused(
    'the section of the 2.x guide in the singular',
    { broker: {} },
    error('/broker', {}, [
      'there is no option broker',
      'service, brokers, controllers, kafka',
      'did you mean brokers?',
    ]),
  ),
  refused(
    'an option that nobody has',
    { service: { colour: 'red' } },
    error('/service/colour', 'red', ['there is no option service.colour', service, leaveOut]),
  ),
  refused(
    'a unicode look-alike',
    { brоkers: {} },
    error('/brоkers', {}, [
      'there is no option brоkers',
      'service, brokers, controllers, kafka',
      'did you mean brokers?',
    ]),
  ),
  refused(
    'an option with a slash and a tilde',
    { brokers: { 'a/b~c': 1 } },
    error('/brokers/a~1b~0c', 1, ['there is no option brokers.a/b~c', brokers, leaveOut]),
  ),
  refusedText(
    'a prototype in a section',
    '{"service":{"name":"refused"},"brokers":{"__proto__":{"count":1}}}',
    error('/brokers/__proto__', { count: 1 }, ['there is no option brokers.__proto__', brokers, leaveOut]),
  ),
  refusedText(
    'a deep prototype',
    '{"service":{"name":"refused"},"brokers":{"heap":{"__proto__":{"size":1},"constructor":2}}}',
    error('/brokers/heap/__proto__', { size: 1 }, ['there is no option brokers.heap.__proto__', 'size', leaveOut]),
    error('/brokers/heap/constructor', 2, ['there is no option brokers.heap.constructor', 'size', leaveOut]),
  ),
  refusedText(
    'a value as deep as the body',
    `{"service":{"name":"refused"},"brokers":{"count":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`,
    error(
      '/brokers/count',
      [[['…']]],
      ['must be an integer, not a list', 'an integer', 'write whole digits without quotes'],
    ),
  ),
  refused(
    'the flag broker-count',
    { 'broker-count': 3 },
    error('/broker-count', 3, [
      'it is the spelling of an environment variable or flag of DC/OS',
      'service, brokers, controllers, kafka',
      'write brokers.count',
    ]),
  ),
  refused(
    'the variable BROKER_HEAP_MB',
    { BROKER_HEAP_MB: 2000 },
    error('/BROKER_HEAP_MB', 2000, [
      'it is the spelling of an environment variable or flag of DC/OS',
      'service, brokers, controllers, kafka',
      'write brokers.heap.size',
    ]),
  ),
];

const guides: readonly RefusedRequest[] = [
  ofGuides('service', 'user', ['nobody', 'Kafka runs as the user of its image']),
  ofGuides('service', 'principal', ['kafka-principal', 'there is no Mesos to authenticate with']),
  ofGuides('service', 'role', ['kafka-role', 'there is no Mesos to authenticate with']),
  ofGuides('service', 'log_level', ['INFO', 'it is for the scheduler process, and Warden has none']),
  ofGuides('service', 'region', ['eu', 'a deployment of Warden has one region', 'deploy Warden in that region']),
  ofGuides('service', 'java_uri', [
    'http://x/jre.tgz',
    'nodes run the image apache/kafka',
    'leave it out; choose the version with packageVersion',
  ]),
  ofGuides('service', 'permanent-failure-timeout-secs', [
    1200,
    'it is the spelling of the SDK that the 2.x packages are made with',
    'write service.recover_in_place_grace_period_secs',
  ]),
  ofGuides('service', 'health_check', [
    'PORT',
    'nodes are asked for an answer by the options of the 1.x guide, not for an open port (PORT) or for records of a topic (FUNCTIONAL)',
    'write service.enable_health_check, service.health_check_interval_sec and the others that begin like it',
  ]),
  refused(
    'health checks in quotes',
    { service: { enable_health_check: 'true' } },
    error('/service/enable_health_check', 'true', [
      'Health check must be true or false, not the text "true"',
      'true or false',
      'write true or false without quotes',
    ]),
  ),
  refused(
    'a health check that a collection of garbage would fail',
    { service: { health_check_timeout_sec: 4 } },
    error('/service/health_check_timeout_sec', 4, [
      'Health check timeout must be from 5 to 600 seconds, not 4',
      'from 5 to 600 seconds',
      'a collection of garbage may stop a healthy node for seconds: leave it at 20, or choose 5 or more',
    ]),
  ),
  refused(
    'health checks without a pause',
    { service: { health_check_interval_sec: 0 } },
    error('/service/health_check_interval_sec', 0, ['not 0', 'from 1 to 3600 seconds', fallBack(10)]),
  ),
  refused(
    'a delay and a grace period of more than an hour, and no failure at all',
    {
      service: {
        health_check_delay_sec: 3601,
        health_check_grace_period_sec: -1,
        health_check_max_consecutive_failures: 0,
      },
    },
    error('/service/health_check_delay_sec', 3601, ['not 3601', 'from 0 to 3600 seconds', fallBack(15)]),
    error('/service/health_check_grace_period_sec', -1, ['not -1', 'from 0 to 3600 seconds', fallBack(10)]),
    error('/service/health_check_max_consecutive_failures', 0, ['not 0', 'from 1 to 100', fallBack(3)]),
  ),
  ofGuides('service', 'virtual_network_enabled', [false, 'every node uses the network of its host']),
  ofGuides('brokers', 'volume_profile', [
    'fast',
    'the data of a broker is on a gp3 EBS volume of its own',
    'choose its size with brokers.disk',
  ]),
  ofGuides('brokers', 'port_tls', [0, 'this version of Warden does not have it yet', `leave it out; ${vpcOnly}`]),
  ofGuides('brokers', 'vip', [
    'broker:9092',
    'there is no virtual address in front of the brokers',
    'leave it out; clients find the brokers with the endpoint broker',
  ]),
  refused(
    'a deploy strategy that nobody has',
    { service: { deploy_strategy: 'canary' } },
    error('/service/deploy_strategy', 'canary', [
      'must be one of serial, parallel, serial-canary, parallel-canary, not "canary"',
      'one of serial, parallel, serial-canary, parallel-canary',
      'write serial or parallel or serial-canary or parallel-canary, or leave it out for serial',
    ]),
  ),
  refused(
    'a phase strategy that nobody has',
    { service: { phase_strategy: 'stage' } },
    error('/service/phase_strategy', 'stage', [
      'must be one of INSTALL, STAGE, not "stage"',
      'one of INSTALL, STAGE',
      'write INSTALL or STAGE, or leave it out for INSTALL',
    ]),
  ),
  refused(
    'two strategies that differ',
    { service: { deploy_strategy: 'serial', phase_strategy: 'STAGE' } },
    error('/service/phase_strategy', 'STAGE', [
      'deploy_strategy serial and phase_strategy STAGE say different things of stops for an operator',
      'one of the two, or both when they agree',
      'leave out phase_strategy',
    ]),
  ),
  refused(
    'a rollback that nobody has',
    { service: { rollback: 'yes' } },
    error('/service/rollback', 'yes', [
      'must be one of manual, automatic, not "yes"',
      'one of manual, automatic',
      'write manual or automatic, or leave it out for manual',
    ]),
  ),
  refused(
    'no time for a canary',
    { service: { canary_limit_secs: 29 } },
    error('/service/canary_limit_secs', 29, ['not 29', 'from 30 to 86400 seconds', fallBack(600)]),
  ),
  refused(
    'a soak of more than a day',
    { service: { minimum_soak_secs: 86_401 } },
    error('/service/minimum_soak_secs', 86_401, ['not 86401', 'from 0 to 86400 seconds', fallBack(0)]),
  ),
  refused(
    'a grace period of more than a week',
    { service: { recover_in_place_grace_period_secs: 604_801 } },
    error('/service/recover_in_place_grace_period_secs', 604_801, [
      'not 604801',
      'from 60 to 604800 seconds',
      fallBack(1200),
    ]),
  ),
  refused(
    'less than no time between replacements',
    { service: { min_delay_between_recovers_secs: -1 } },
    error('/service/min_delay_between_recovers_secs', -1, ['not -1', 'from 0 to 604800 seconds', fallBack(600)]),
  ),
  refused(
    'the strategy of a typist',
    { service: { placement_strategy: 'node' } },
    error('/service/placement_strategy', 'node', [
      'must be one of ANY, NODE, not "node"',
      'one of ANY, NODE',
      'write ANY or NODE, or leave it out for NODE',
    ]),
  ),
  refused(
    'an alternate ZooKeeper',
    { kafka: { kafka_zookeeper_uri: 'zk:2181' } },
    error('/kafka/kafka_zookeeper_uri', 'zk:2181', [
      'Kafka runs without ZooKeeper here',
      kafkaNames,
      'leave it out; controllers.count chooses the size of the quorum',
    ]),
  ),
  refused(
    'an inter-broker protocol',
    { kafka: { inter_broker_protocol_version: '2.1' } },
    error('/kafka/inter_broker_protocol_version', '2.1', ['the version of its metadata decides', kafkaNames, leaveOut]),
  ),
];

const placement: readonly RefusedRequest[] = [
  badConstraint('hostname:LIKE:10.0.0.159', 'does not have the operator LIKE yet', 'use MAX_PER or UNIQUE'),
  badConstraint([['zone', 'GROUP_BY', '3']], 'does not have the operator GROUP_BY yet', 'use MAX_PER or UNIQUE'),
  badConstraint('rack:UNIQUE', '"rack" is no field'),
  badConstraint('hostname:MAX_PER:0', 'MAX_PER takes a number from 1 to 100, not "0"'),
  badConstraint('[["hostname"', 'it is no list of constraints'),
  refused(
    'a constraint that is a number',
    { service: { placement_constraint: 1 } },
    error('/service/placement_constraint', 1, [
      'must be a text or a list, not 1',
      'a text or a list',
      'write [] for none',
    ]),
  ),
  refused(
    'a strategy against a constraint',
    { service: { placement_strategy: 'ANY', placement_constraint: 'hostname:UNIQUE' } },
    error('/service/placement_strategy', 'ANY', [
      'say different things of hosts',
      'one of the two, or both when they agree',
      'leave out placement_strategy',
    ]),
  ),
];

const conflicts: readonly RefusedRequest[] = [
  refused(
    'a heap as large as the memory',
    { brokers: { mem: 1024, heap: { size: 1024 } } },
    error('/brokers/heap/size', 1024, [
      'brokers.heap.size (1024 MiB) must be less than brokers.mem (1024 MiB)',
      'less than 1024',
      'raise brokers.mem or lower brokers.heap.size',
    ]),
  ),
  refused(
    'one port for both roles',
    { brokers: { port: 9200 }, controllers: { port: 9200 } },
    error('/controllers/port', 9200, [
      'must differ from brokers.port (9200)',
      'a port of its own',
      'set controllers.port to 0 to take the lowest free port',
    ]),
  ),
  refused(
    'a soft limit above the hard one',
    { service: { rlimits: { rlimit_nofile: { soft: 300_000, hard: 200_000 } } } },
    error('/service/rlimits/rlimit_nofile/soft', 300_000, [
      '(300000) must not exceed the hard limit (200000)',
      'at most 200000',
      'lower the soft limit or raise the hard limit',
    ]),
  ),
  refused(
    'combined mode with three brokers',
    { controllers: { mode: 'combined' } },
    error('/controllers/mode', 'combined', [
      'combined mode means one node, and brokers.count is 3',
      'dedicated',
      'set controllers.mode to dedicated, or brokers.count to 1',
    ]),
  ),
  refused(
    'controllers of their own in combined mode',
    { brokers: { count: 1 }, controllers: { mode: 'combined', count: 3, heap: { size: 300 } } },
    error('/controllers/count', 3, [
      'controllers.count has no effect in combined mode',
      'only mode and port',
      byBrokers,
    ]),
    error('/controllers/heap/size', 300, [
      'controllers.heap.size has no effect in combined mode',
      'only mode and port',
      byBrokers,
    ]),
  ),
  refused(
    'more replicas than brokers',
    { brokers: { count: 2 }, kafka: { default_replication_factor: 3 } },
    error('/kafka/default_replication_factor', 3, [
      'must not exceed brokers.count (2)',
      'at most 2',
      'lower it or raise brokers.count',
    ]),
  ),
  refused(
    'topics that nobody could write',
    { kafka: { transaction_state_log_min_isr: 4 } },
    error('/kafka/transaction_state_log_min_isr', 4, [
      'such topics could not be written',
      'transaction.state.log.min.isr of at most transaction.state.log.replication.factor',
      'lower transaction.state.log.min.isr or raise transaction.state.log.replication.factor',
    ]),
  ),
  refused(
    'heartbeats that one loss would fence',
    { kafka: { broker_heartbeat_interval_ms: 5000 } },
    error('/kafka/broker_heartbeat_interval_ms', 5000, [
      'must fit 2 times into broker.session.timeout.ms (9000)',
      'broker.heartbeat.interval.ms must fit 2 times into broker.session.timeout.ms',
      'lower broker.heartbeat.interval.ms or raise broker.session.timeout.ms',
    ]),
  ),
];

const kafka: readonly RefusedRequest[] = [
  refused(
    'a misspelt property',
    { kafka: { log_retenton_hours: 1 } },
    error('/kafka/log_retenton_hours', 1, [
      'has no property log.retenton.hours',
      kafkaNames,
      'did you mean kafka.log_retention_hours?',
    ]),
  ),
  refused(
    'a property in both spellings',
    { kafka: { 'log.retention.hours': 1, log_retention_hours: 2 } },
    error('/kafka/log.retention.hours', 1, [
      'log.retention.hours must be spelled with _ for .',
      kafkaNames,
      'did you mean kafka.log_retention_hours?',
    ]),
  ),
  refused(
    'a property of the prototype',
    { kafka: { constructor: 1 } },
    error('/kafka/constructor', 1, ['has no property constructor', kafkaNames, leaveOut]),
  ),
  refused(
    'a property that is no number',
    { kafka: { num_partitions: 'many' } },
    error('/kafka/num_partitions', 'many', [
      'num.partitions must be an integer (32 bits) of at least 1',
      'an integer (32 bits) of at least 1',
      'The default number of log partitions per topic',
    ]),
  ),
  refused(
    'a number beyond 64 bits',
    { kafka: { log_retention_bytes: '9223372036854775808' } },
    error('/kafka/log_retention_bytes', '9223372036854775808', [
      'log.retention.bytes must be an integer (64 bits)',
      'an integer (64 bits)',
      'The maximum size of the log before deleting it',
    ]),
  ),
  refused(
    'a value of two lines',
    { kafka: { max_connections_per_ip_overrides: '10.0.0.7:1\nlog.dirs=/' } },
    error('/kafka/max_connections_per_ip_overrides', '10.0.0.7:1\nlog.dirs=/', [
      'pairs of address and number',
      'pairs of address and number, for example 10.0.0.7:100,10.0.0.8:200',
      'A comma-separated list of per-ip or hostname overrides to the default …',
    ]),
  ),
  forbidden('node_id', 7, ['Warden gives each node its id']),
  forbidden('process_roles', 'broker', ['Warden runs']),
  forbidden('listeners', 'PLAINTEXT://:1', [
    'Warden binds and advertises',
    'choose ports with brokers.port and controllers.port',
  ]),
  forbidden('log_dirs', '/tmp', [
    "the data of a node is on the node's own volume",
    'choose its size with brokers.disk and controllers.disk',
  ]),
  forbidden('controller_quorum_voters', '1@a:1', [
    'Warden forms and changes the controller quorum',
    'choose its size with controllers.count',
  ]),
  forbidden('broker_rack', 'a', ['the rack of a broker is the zone of its host']),
  forbidden('authorizer_class_name', 'a.B', ['it names code to load']),
  forbidden('metric_reporters', 'a.B', ['it names code to load']),
  forbidden('config_providers', 'file', ['it names code to load']),
  forbidden('sasl_jaas_config', 'com.sun.security.auth.module.JndiLoginModule required;', [
    'this version of Warden serves plain-text',
    vpcOnly,
    '(hidden)',
  ]),
  forbidden('ssl_keystore_password', 'hunter2', ['this version of Warden serves plain-text', vpcOnly, '(hidden)']),
  forbidden('sasl_oauthbearer_token_endpoint_url', 'http://169.254.169.254/', [
    'this version of Warden serves plain-text',
    vpcOnly,
  ]),
];

/** These name the service that exists. */
const taken: readonly RefusedRequest[] = [
  {
    ...{ ...post, title: 'a name that is taken', status: 409, says: 'A service named kafka exists' },
    body: '{"options": {"service": {"name": "kafka"}}}',
    errors: [
      error('/service/name', 'kafka', [
        'a service named kafka exists',
        'a name that no service of this deployment has',
        'choose another service.name, or uninstall that service first',
      ]),
    ],
  },
  {
    ...{ ...post, title: 'ports that are taken', status: 409, says: 'Another service has port 9093, 9092' },
    body: JSON.stringify({ options: named({ brokers: { port: 9093 }, controllers: { port: 9092 } }) }),
    errors: [['/brokers/port', 9093] as const, ['/controllers/port', 9092] as const].map(([pointer, port]) =>
      error(pointer, port, [
        `port ${port} belongs to the service kafka`,
        'a port of 9092 to 9391 that no other service has, or 0',
        'choose another one, or 0 for the lowest free one',
      ]),
    ),
  },
  {
    ...{ ...post, title: 'a taken name beside other errors', status: 400, says: '2 options are refused' },
    body: '{"options": {"service": {"name": "kafka"}, "brokers": {"count": 0}}}',
    errors: [
      error('/brokers/count', 0, ['not 0', 'from 1 to 100', fallBack(3)]),
      error('/service/name', 'kafka', [
        'a service named kafka exists',
        'a name that no service of this deployment has',
        'choose another service.name, or uninstall that service first',
      ]),
    ],
  },
];

export const refusedRequests: readonly RefusedRequest[] = [
  ...bodies,
  ...versions,
  ...['', 'Kafka', '2kafka', 'kafka-', 'ka__fka', 'ka.fka', 'a'.repeat(33), 'käfka'].map(badName),
  ...typesAndRanges,
  ...unknownOptions,
  ...guides,
  ...placement,
  ...conflicts,
  ...kafka,
  ...taken,
];
