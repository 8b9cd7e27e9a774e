/**
 * Updates that are refused, as data: the unit test gives them to the resolution, and they can be sent to a running
 * system as they are. The service is `kafka` with the default options: three brokers, three controllers, the ports
 * 9092 and 9093, package version 1.0.0-4.3.1.
 */
export interface RefusedUpdateRequest {
  readonly title: string;
  readonly options: unknown;
  readonly replace?: true;
  readonly packageVersion?: string;
  /** Exactly the errors of the answer, in their order. */
  readonly errors: readonly { readonly pointer: string; readonly message: string }[];
  /** What /v1/plan shows. */
  readonly inBlocks: readonly string[];
  /** What /v1/plans/deploy shows. */
  readonly inSteps: readonly string[];
}

const onePerHost = '[["hostname","MAX_PER","1"]]';
const where = 'where brokers may go is decided at install';
const madeOnce = 'volumes keep the size that they were made with';

/** A refused change of one option, its sentences as they are. */
function change(
  title: string,
  options: unknown,
  [pointer, message, inBlocks, inSteps]: readonly [pointer: string, message: string, inBlocks: string, inSteps: string],
): RefusedUpdateRequest {
  return { title, options, errors: [{ pointer, message }], inBlocks: [inBlocks], inSteps: [inSteps] };
}

/** A value that no service could have: one sentence, which the guides frame with names of their own. */
function value(
  title: string,
  options: unknown,
  words: {
    readonly pointer: string;
    readonly message: string;
    readonly variable: string;
    readonly field: string;
    readonly given: string;
  },
): RefusedUpdateRequest {
  const { pointer, message, variable, field, given } = words;
  return {
    ...{ title, options, errors: [{ pointer, message }] },
    inBlocks: [`Validation error on field "${variable}": ${message}`],
    inSteps: [`Field: '${field}'; Value: '${given}'; Message: '${message}'; Fatal: false`],
  };
}

const fewer: readonly RefusedUpdateRequest[] = [
  change('two brokers instead of three', { brokers: { count: 2 } }, [
    '/brokers/count',
    'brokers.count cannot become less (from 3 to 2): the replicas on a broker would go with it',
    'Validation error on field "BROKER_COUNT": Decreasing this value (from 3 to 2) is not supported.',
    "Field: 'PodSpec[name:kafka]'; Transition: '3' => '2'; Message: 'New config's PodSpec named 'kafka' has 2 tasks, expected >=3 tasks'; Fatal: false",
  ]),
  change('one broker instead of three', { brokers: { count: 1 } }, [
    '/brokers/count',
    'brokers.count cannot become less (from 3 to 1): the replicas on a broker would go with it',
    'Validation error on field "BROKER_COUNT": Decreasing this value (from 3 to 1) is not supported.',
    "Field: 'PodSpec[name:kafka]'; Transition: '3' => '1'; Message: 'New config's PodSpec named 'kafka' has 1 tasks, expected >=3 tasks'; Fatal: false",
  ]),
  change('two brokers for three replicas', { brokers: { count: 2 }, kafka: { default_replication_factor: 3 } }, [
    '/brokers/count',
    'brokers.count cannot become less (from 3 to 2): the replicas on a broker would go with it',
    'Validation error on field "BROKER_COUNT": Decreasing this value (from 3 to 2) is not supported.',
    "Field: 'PodSpec[name:kafka]'; Transition: '3' => '2'; Message: 'New config's PodSpec named 'kafka' has 2 tasks, expected >=3 tasks'; Fatal: false",
  ]),
  {
    ...change('two brokers in place of all options', { brokers: { count: 2 } }, [
      '/brokers/count',
      'brokers.count cannot become less (from 3 to 2): the replicas on a broker would go with it',
      'Validation error on field "BROKER_COUNT": Decreasing this value (from 3 to 2) is not supported.',
      "Field: 'PodSpec[name:kafka]'; Transition: '3' => '2'; Message: 'New config's PodSpec named 'kafka' has 2 tasks, expected >=3 tasks'; Fatal: false",
    ]),
    replace: true,
  },
];

const volumes: readonly RefusedUpdateRequest[] = [
  change('a larger disk', { brokers: { disk: 6000 } }, [
    '/brokers/disk',
    `brokers.disk cannot change (from 5000 to 6000): ${madeOnce}`,
    'Validation error on field "BROKER_DISK": Changing this value (from 5000 to 6000) is not supported.',
    "Field: 'TaskVolumes[taskname:broker]'; Transition: 'size: 5000' => 'size: 6000'; Message: 'Volumes must be equal.'; Fatal: false",
  ]),
  change('a smaller disk', { brokers: { disk: 1000 } }, [
    '/brokers/disk',
    `brokers.disk cannot change (from 5000 to 1000): ${madeOnce}`,
    'Validation error on field "BROKER_DISK": Changing this value (from 5000 to 1000) is not supported.',
    "Field: 'TaskVolumes[taskname:broker]'; Transition: 'size: 5000' => 'size: 1000'; Message: 'Volumes must be equal.'; Fatal: false",
  ]),
  change('a disk of the same whole GiB', { brokers: { disk: 5001 } }, [
    '/brokers/disk',
    `brokers.disk cannot change (from 5000 to 5001): ${madeOnce}`,
    'Validation error on field "BROKER_DISK": Changing this value (from 5000 to 5001) is not supported.',
    "Field: 'TaskVolumes[taskname:broker]'; Transition: 'size: 5000' => 'size: 5001'; Message: 'Volumes must be equal.'; Fatal: false",
  ]),
  {
    ...change('another disk in place of all options', { brokers: { disk: 8000 } }, [
      '/brokers/disk',
      `brokers.disk cannot change (from 5000 to 8000): ${madeOnce}`,
      'Validation error on field "BROKER_DISK": Changing this value (from 5000 to 8000) is not supported.',
      "Field: 'TaskVolumes[taskname:broker]'; Transition: 'size: 5000' => 'size: 8000'; Message: 'Volumes must be equal.'; Fatal: false",
    ]),
    replace: true,
  },
  change('the disk type MOUNT', { brokers: { disk_type: 'MOUNT' } }, [
    '/brokers/disk_type',
    'brokers.disk_type cannot change (from ROOT to MOUNT): it is chosen at install',
    'Validation error on field "DISK_TYPE": Changing this value (from ROOT to MOUNT) is not supported.',
    "Field: 'TaskVolumes[taskname:broker]'; Transition: 'type: ROOT' => 'type: MOUNT'; Message: 'Volumes must be equal.'; Fatal: false",
  ]),
  change('a larger disk for controllers', { controllers: { disk: 2000 } }, [
    '/controllers/disk',
    `controllers.disk cannot change (from 1000 to 2000): ${madeOnce}`,
    'Validation error on field "CONTROLLER_DISK": Changing this value (from 1000 to 2000) is not supported.',
    "Field: 'TaskVolumes[taskname:controller]'; Transition: 'size: 1000' => 'size: 2000'; Message: 'Volumes must be equal.'; Fatal: false",
  ]),
  {
    title: 'disks of another size and type',
    options: { brokers: { disk: 6000, disk_type: 'MOUNT' } },
    errors: [
      { pointer: '/brokers/disk', message: `brokers.disk cannot change (from 5000 to 6000): ${madeOnce}` },
      {
        pointer: '/brokers/disk_type',
        message: 'brokers.disk_type cannot change (from ROOT to MOUNT): it is chosen at install',
      },
    ],
    inBlocks: [
      'Validation error on field "BROKER_DISK": Changing this value (from 5000 to 6000) is not supported.',
      'Validation error on field "DISK_TYPE": Changing this value (from ROOT to MOUNT) is not supported.',
    ],
    inSteps: [
      "Field: 'TaskVolumes[taskname:broker]'; Transition: 'size: 5000' => 'size: 6000'; Message: 'Volumes must be equal.'; Fatal: false",
      "Field: 'TaskVolumes[taskname:broker]'; Transition: 'type: ROOT' => 'type: MOUNT'; Message: 'Volumes must be equal.'; Fatal: false",
    ],
  },
];

const namesAndPlaces: readonly RefusedUpdateRequest[] = [
  change('another name', { service: { name: 'events' } }, [
    '/service/name',
    'service.name cannot change (from kafka to events): the addresses and volumes of its nodes carry it',
    'Validation error on field "FRAMEWORK_NAME": Changing this value (from kafka to events) is not supported.',
    "Field: 'service.name'; Transition: 'kafka' => 'events'; Message: 'Could not update service name from \"kafka\" to \"events\".'; Fatal: false",
  ]),
  {
    ...change('another name in place of all options', { service: { name: 'events' } }, [
      '/service/name',
      'service.name cannot change (from kafka to events): the addresses and volumes of its nodes carry it',
      'Validation error on field "FRAMEWORK_NAME": Changing this value (from kafka to events) is not supported.',
      "Field: 'service.name'; Transition: 'kafka' => 'events'; Message: 'Could not update service name from \"kafka\" to \"events\".'; Fatal: false",
    ]),
    replace: true,
  },
  change('the placement strategy ANY', { service: { placement_strategy: 'ANY' } }, [
    '/service/placement_strategy',
    `service.placement_strategy cannot change (from NODE to ANY): ${where}`,
    'Validation error on field "PLACEMENT_STRATEGY": Changing this value (from NODE to ANY) is not supported.',
    `Field: 'kafka.PlacementRule'; Transition: '${onePerHost}' => '[]'; Message: 'PlacementRule cannot change from ${onePerHost} to []'; Fatal: false`,
  ]),
  change('no placement constraint', { service: { placement_constraint: '' } }, [
    '/service/placement_constraint',
    `service.placement_constraint cannot change (from ${onePerHost} to []): ${where}`,
    `Validation error on field "PLACEMENT_CONSTRAINT": Changing this value (from ${onePerHost} to []) is not supported.`,
    `Field: 'kafka.PlacementRule'; Transition: '${onePerHost}' => '[]'; Message: 'PlacementRule cannot change from ${onePerHost} to []'; Fatal: false`,
  ]),
  change('two brokers on a host', { service: { placement_constraint: [['hostname', 'MAX_PER', '2']] } }, [
    '/service/placement_constraint',
    `service.placement_constraint cannot change (from ${onePerHost} to [["hostname","MAX_PER","2"]]): ${where}`,
    `Validation error on field "PLACEMENT_CONSTRAINT": Changing this value (from ${onePerHost} to [["hostname","MAX_PER","2"]]) is not supported.`,
    `Field: 'kafka.PlacementRule'; Transition: '${onePerHost}' => '[["hostname","MAX_PER","2"]]'; Message: 'PlacementRule cannot change from ${onePerHost} to [["hostname","MAX_PER","2"]]'; Fatal: false`,
  ]),
  change(
    'a constraint on zones beside the one on hosts',
    { service: { placement_constraint: 'hostname:UNIQUE,zone:MAX_PER:2' } },
    [
      '/service/placement_constraint',
      `service.placement_constraint cannot change (from ${onePerHost} to [["hostname","MAX_PER","1"],["zone","MAX_PER","2"]]): ${where}`,
      `Validation error on field "PLACEMENT_CONSTRAINT": Changing this value (from ${onePerHost} to [["hostname","MAX_PER","1"],["zone","MAX_PER","2"]]) is not supported.`,
      `Field: 'kafka.PlacementRule'; Transition: '${onePerHost}' => '[["hostname","MAX_PER","1"],["zone","MAX_PER","2"]]'; Message: 'PlacementRule cannot change from ${onePerHost} to [["hostname","MAX_PER","1"],["zone","MAX_PER","2"]]'; Fatal: false`,
    ],
  ),
  change(
    'a constraint on zones in both options of the guides',
    { service: { placement_strategy: 'ANY', placement_constraint: [['zone', 'UNIQUE']] } },
    [
      '/service/placement_constraint',
      `service.placement_constraint cannot change (from ${onePerHost} to [["zone","MAX_PER","1"]]): ${where}`,
      `Validation error on field "PLACEMENT_CONSTRAINT": Changing this value (from ${onePerHost} to [["zone","MAX_PER","1"]]) is not supported.`,
      `Field: 'kafka.PlacementRule'; Transition: '${onePerHost}' => '[["zone","MAX_PER","1"]]'; Message: 'PlacementRule cannot change from ${onePerHost} to [["zone","MAX_PER","1"]]'; Fatal: false`,
    ],
  ),
];

const knowBrokers = 'the port is decided at install, and clients know it';
const knowControllers = 'the port is decided at install, and all nodes find the quorum there';

const portsAndControllers: readonly RefusedUpdateRequest[] = [
  change('another port for brokers', { brokers: { port: 9100 } }, [
    '/brokers/port',
    `brokers.port cannot change (from 9092 to 9100): ${knowBrokers}`,
    'Validation error on field "BROKER_PORT": Changing this value (from 9092 to 9100) is not supported.',
    `Field: 'brokers.port'; Transition: '9092' => '9100'; Message: 'brokers.port cannot change (from 9092 to 9100): ${knowBrokers}'; Fatal: false`,
  ]),
  change('the port of the controllers for brokers', { brokers: { port: 9093 } }, [
    '/brokers/port',
    `brokers.port cannot change (from 9092 to 9093): ${knowBrokers}`,
    'Validation error on field "BROKER_PORT": Changing this value (from 9092 to 9093) is not supported.',
    `Field: 'brokers.port'; Transition: '9092' => '9093'; Message: 'brokers.port cannot change (from 9092 to 9093): ${knowBrokers}'; Fatal: false`,
  ]),
  change('another port for controllers', { controllers: { port: 9101 } }, [
    '/controllers/port',
    `controllers.port cannot change (from 9093 to 9101): ${knowControllers}`,
    'Validation error on field "CONTROLLER_PORT": Changing this value (from 9093 to 9101) is not supported.',
    `Field: 'controllers.port'; Transition: '9093' => '9101'; Message: 'controllers.port cannot change (from 9093 to 9101): ${knowControllers}'; Fatal: false`,
  ]),
  change('five controllers instead of three', { controllers: { count: 5 } }, [
    '/controllers/count',
    'controllers.count cannot change (from 3 to 5): the size of the quorum is decided at install',
    'Validation error on field "CONTROLLER_COUNT": Changing this value (from 3 to 5) is not supported.',
    "Field: 'PodSpec[name:controller]'; Transition: '3' => '5'; Message: 'New config's PodSpec named 'controller' has 5 tasks, expected 3 tasks'; Fatal: false",
  ]),
  change('one controller instead of three', { controllers: { count: 1 } }, [
    '/controllers/count',
    'controllers.count cannot change (from 3 to 1): the size of the quorum is decided at install',
    'Validation error on field "CONTROLLER_COUNT": Decreasing this value (from 3 to 1) is not supported.',
    "Field: 'PodSpec[name:controller]'; Transition: '3' => '1'; Message: 'New config's PodSpec named 'controller' has 1 tasks, expected >=3 tasks'; Fatal: false",
  ]),
  change('combined mode', { controllers: { mode: 'combined' } }, [
    '/controllers/mode',
    'controllers.mode cannot change (from dedicated to combined): where the metadata is kept is decided at install',
    'Validation error on field "CONTROLLER_MODE": Changing this value (from dedicated to combined) is not supported.',
    "Field: 'controllers.mode'; Transition: 'dedicated' => 'combined'; Message: 'controllers.mode cannot change (from dedicated to combined): where the metadata is kept is decided at install'; Fatal: false",
  ]),
  {
    title: 'one node in combined mode',
    options: { brokers: { count: 1 }, controllers: { mode: 'combined' } },
    errors: [
      {
        pointer: '/brokers/count',
        message: 'brokers.count cannot become less (from 3 to 1): the replicas on a broker would go with it',
      },
      {
        pointer: '/controllers/mode',
        message:
          'controllers.mode cannot change (from dedicated to combined): where the metadata is kept is decided at install',
      },
    ],
    inBlocks: [
      'Validation error on field "BROKER_COUNT": Decreasing this value (from 3 to 1) is not supported.',
      'Validation error on field "CONTROLLER_MODE": Changing this value (from dedicated to combined) is not supported.',
    ],
    inSteps: [
      "Field: 'PodSpec[name:kafka]'; Transition: '3' => '1'; Message: 'New config's PodSpec named 'kafka' has 1 tasks, expected >=3 tasks'; Fatal: false",
      "Field: 'controllers.mode'; Transition: 'dedicated' => 'combined'; Message: 'controllers.mode cannot change (from dedicated to combined): where the metadata is kept is decided at install'; Fatal: false",
    ],
  },
];

const unsafe = 'it accepts any JSON web token as valid (CVE-2026-33557), which 4.1.2 mends';

const versions: readonly RefusedUpdateRequest[] = [
  {
    ...change('an older version of Kafka', {}, [
      '/packageVersion',
      'this version of Warden cannot downgrade a service yet (from 1.0.0-4.3.1 to 1.0.0-4.1.2)',
      'Validation error on field "PACKAGE_VERSION": Changing this value (from 1.0.0-4.3.1 to 1.0.0-4.1.2) is not supported.',
      "Field: 'packageVersion'; Transition: '1.0.0-4.3.1' => '1.0.0-4.1.2'; Message: 'this version of Warden cannot downgrade a service yet (from 1.0.0-4.3.1 to 1.0.0-4.1.2)'; Fatal: false",
    ]),
    packageVersion: '1.0.0-4.1.2',
  },
  {
    ...value(
      'a version that is not safe',
      {},
      {
        pointer: '/packageVersion',
        message: `package version 1.0.0-4.1.0 is not supported: ${unsafe}`,
        ...{ variable: 'PACKAGE_VERSION', field: 'packageVersion', given: '1.0.0-4.1.0' },
      },
    ),
    packageVersion: '1.0.0-4.1.0',
  },
  {
    ...value(
      'a version that nobody has',
      {},
      {
        pointer: '/packageVersion',
        message: 'package version 9.9.9 is not supported',
        ...{ variable: 'PACKAGE_VERSION', field: 'packageVersion', given: '9.9.9' },
      },
    ),
    packageVersion: '9.9.9',
  },
];

const brokerValues: readonly RefusedUpdateRequest[] = [
  value(
    'a count in quotes',
    { brokers: { count: '4' } },
    {
      pointer: '/brokers/count',
      message: 'Broker count must be an integer, not the text "4"',
      ...{ variable: 'BROKER_COUNT', field: 'brokers.count', given: '4' },
    },
  ),
  value(
    'half a broker more',
    { brokers: { count: 3.5 } },
    {
      pointer: '/brokers/count',
      message: 'Broker count must be an integer, not 3.5',
      ...{ variable: 'BROKER_COUNT', field: 'brokers.count', given: '3.5' },
    },
  ),
  value(
    'no broker',
    { brokers: { count: 0 } },
    {
      pointer: '/brokers/count',
      message: 'Broker count must be from 1 to 100, not 0',
      ...{ variable: 'BROKER_COUNT', field: 'brokers.count', given: '0' },
    },
  ),
  value(
    '101 brokers',
    { brokers: { count: 101 } },
    {
      pointer: '/brokers/count',
      message: 'Broker count must be from 1 to 100, not 101',
      ...{ variable: 'BROKER_COUNT', field: 'brokers.count', given: '101' },
    },
  ),
  value(
    'no CPU',
    { brokers: { cpus: 0 } },
    {
      pointer: '/brokers/cpus',
      message: 'CPU shares must be from 0.1 to 192 cores, not 0',
      ...{ variable: 'BROKER_CPUS', field: 'brokers.cpus', given: '0' },
    },
  ),
  value(
    'memory that is a yes',
    { brokers: { mem: true } },
    {
      pointer: '/brokers/mem',
      message: 'Memory must be an integer, not true',
      ...{ variable: 'BROKER_MEM', field: 'brokers.mem', given: 'true' },
    },
  ),
  value(
    'less memory than the heap that is stored',
    { brokers: { mem: 512 } },
    {
      pointer: '/brokers/heap/size',
      message: 'brokers.heap.size (512 MiB) must be less than brokers.mem (512 MiB)',
      ...{ variable: 'BROKER_HEAP_MB', field: 'brokers.heap.size', given: '512' },
    },
  ),
  value(
    'more heap than the memory that is stored',
    { brokers: { heap: { size: 4000 } } },
    {
      pointer: '/brokers/heap/size',
      message: 'brokers.heap.size (4000 MiB) must be less than brokers.mem (2048 MiB)',
      ...{ variable: 'BROKER_HEAP_MB', field: 'brokers.heap.size', given: '4000' },
    },
  ),
  value(
    'a heap that is no section',
    { brokers: { heap: 1024 } },
    {
      pointer: '/brokers/heap',
      message: 'brokers.heap must be an object',
      ...{ variable: 'BROKER_HEAP', field: 'brokers.heap', given: '1024' },
    },
  ),
  value(
    'a disk in words',
    { brokers: { disk: '6 GiB' } },
    {
      pointer: '/brokers/disk',
      message: 'Disk must be an integer, not the text "6 GiB"',
      ...{ variable: 'BROKER_DISK', field: 'brokers.disk', given: '6 GiB' },
    },
  ),
  value(
    'a disk type that nobody has',
    { brokers: { disk_type: 'SSD' } },
    {
      pointer: '/brokers/disk_type',
      message: 'Disk type must be one of ROOT, MOUNT, not "SSD"',
      ...{ variable: 'DISK_TYPE', field: 'brokers.disk_type', given: 'SSD' },
    },
  ),
  value(
    'a port below the open ones',
    { brokers: { port: 9091 } },
    {
      pointer: '/brokers/port',
      message: 'Broker port must be 0 or from 9092 to 9391, not 9091',
      ...{ variable: 'BROKER_PORT', field: 'brokers.port', given: '9091' },
    },
  ),
  value(
    'the kill grace period of the guides',
    { brokers: { kill_grace_period: 30 } },
    {
      pointer: '/brokers/kill_grace_period',
      message: 'Kill grace period must be from 300 to 3600 seconds, not 30',
      ...{ variable: 'BROKER_KILL_GRACE_PERIOD', field: 'brokers.kill_grace_period', given: '30' },
    },
  ),
];

const strategies = 'one of serial, parallel, serial-canary, parallel-canary';
const nameRule = 'at most 32 lower-case letters, digits and hyphens, from a letter to a letter or digit';

const serviceValues: readonly RefusedUpdateRequest[] = [
  {
    title: 'a name with two underscores',
    options: { service: { name: 'ka__fka' } },
    errors: [{ pointer: '/service/name', message: `Service name must be ${nameRule}, not "ka__fka"` }],
    inBlocks: [`Validation error on field "FRAMEWORK_NAME": Service name must be ${nameRule}, not "ka__fka"`],
    inSteps: [
      "Field: 'ServiceName'; Value: 'ka__fka'; Message: 'Service name may not contain double underscores: ka__fka'; Fatal: false",
    ],
  },
  value(
    'a name in capitals',
    { service: { name: 'KAFKA' } },
    {
      pointer: '/service/name',
      message: `Service name must be ${nameRule}, not "KAFKA"`,
      ...{ variable: 'FRAMEWORK_NAME', field: 'service.name', given: 'KAFKA' },
    },
  ),
  {
    title: 'a constraint that this version does not have',
    options: { service: { placement_constraint: 'hostname:LIKE:10.0.0.159' } },
    errors: [
      {
        pointer: '/service/placement_constraint',
        message: 'Placement constraint cannot be taken: this version of Warden does not have the operator LIKE yet',
      },
    ],
    inBlocks: [
      'Validation error on field "PLACEMENT_CONSTRAINT": Placement constraint cannot be taken: this version of Warden does not have the operator LIKE yet',
    ],
    inSteps: [
      "Field: 'PlacementRule'; Value: 'hostname:LIKE:10.0.0.159'; Message: 'The PlacementRule for PodSpec 'kafka' had invalid constraints'; Fatal: false",
    ],
  },
  value(
    'the placement strategy of a typist',
    { service: { placement_strategy: 'node' } },
    {
      pointer: '/service/placement_strategy',
      message: 'Placement strategy must be one of ANY, NODE, not "node"',
      ...{ variable: 'PLACEMENT_STRATEGY', field: 'service.placement_strategy', given: 'node' },
    },
  ),
  value(
    'a placement in both options of the guides that differ',
    { service: { placement_strategy: 'ANY', placement_constraint: 'hostname:UNIQUE' } },
    {
      pointer: '/service/placement_strategy',
      message: `placement_strategy ANY and placement_constraint ${onePerHost} say different things of hosts`,
      ...{ variable: 'PLACEMENT_STRATEGY', field: 'service.placement_strategy', given: 'ANY' },
    },
  ),
  value(
    'a deploy strategy that nobody has',
    { service: { deploy_strategy: 'canary' } },
    {
      pointer: '/service/deploy_strategy',
      message: `Deploy strategy must be ${strategies}, not "canary"`,
      ...{ variable: 'DEPLOY_STRATEGY', field: 'service.deploy_strategy', given: 'canary' },
    },
  ),
  value(
    'a phase strategy that nobody has',
    { service: { phase_strategy: 'SERIAL' } },
    {
      pointer: '/service/phase_strategy',
      message: 'Phase strategy must be one of INSTALL, STAGE, not "SERIAL"',
      ...{ variable: 'PHASE_STRATEGY', field: 'service.phase_strategy', given: 'SERIAL' },
    },
  ),
  value(
    'two strategies that differ',
    { service: { deploy_strategy: 'parallel', phase_strategy: 'STAGE' } },
    {
      pointer: '/service/phase_strategy',
      message: 'deploy_strategy parallel and phase_strategy STAGE say different things of stops for an operator',
      ...{ variable: 'PHASE_STRATEGY', field: 'service.phase_strategy', given: 'STAGE' },
    },
  ),
  value(
    'a rollback that nobody has',
    { service: { rollback: 'never' } },
    {
      pointer: '/service/rollback',
      message: 'Rollback must be one of manual, automatic, not "never"',
      ...{ variable: 'ROLLBACK', field: 'service.rollback', given: 'never' },
    },
  ),
  value(
    'no time for a canary',
    { service: { canary_limit_secs: 0 } },
    {
      pointer: '/service/canary_limit_secs',
      message: 'Canary limit must be from 30 to 86400 seconds, not 0',
      ...{ variable: 'CANARY_LIMIT_SECS', field: 'service.canary_limit_secs', given: '0' },
    },
  ),
  value(
    'a soak in words',
    { service: { minimum_soak_secs: '1m' } },
    {
      pointer: '/service/minimum_soak_secs',
      message: 'Minimum soak must be an integer, not the text "1m"',
      ...{ variable: 'MINIMUM_SOAK_SECS', field: 'service.minimum_soak_secs', given: '1m' },
    },
  ),
  value(
    'a soft limit above the hard limit that is stored',
    { service: { rlimits: { rlimit_nofile: { soft: 200_000 } } } },
    {
      pointer: '/service/rlimits/rlimit_nofile/soft',
      message: 'the soft limit of open files (200000) must not exceed the hard limit (128000)',
      ...{ variable: 'RLIMITS_RLIMIT_NOFILE_SOFT', field: 'service.rlimits.rlimit_nofile.soft', given: '200000' },
    },
  ),
  value(
    'another user',
    { service: { user: 'kafka' } },
    {
      pointer: '/service/user',
      message: 'service.user cannot be set: Kafka runs as the user of its image',
      ...{ variable: 'USER', field: 'service.user', given: 'kafka' },
    },
  ),
  value(
    'another region',
    { service: { region: 'eu-west-1' } },
    {
      pointer: '/service/region',
      message: 'service.region cannot be set: a deployment of Warden has one region',
      ...{ variable: 'REGION', field: 'service.region', given: 'eu-west-1' },
    },
  ),
  value(
    'a virtual network',
    { service: { virtual_network_enabled: true } },
    {
      pointer: '/service/virtual_network_enabled',
      message: 'service.virtual_network_enabled cannot be set: every node uses the network of its host',
      ...{ variable: 'VIRTUAL_NETWORK_ENABLED', field: 'service.virtual_network_enabled', given: 'true' },
    },
  ),
  value(
    'health checks in words',
    { service: { enable_health_check: 'yes' } },
    {
      pointer: '/service/enable_health_check',
      message: 'Health check must be true or false, not the text "yes"',
      ...{ variable: 'ENABLE_BROKER_HEALTH_CHECK', field: 'service.enable_health_check', given: 'yes' },
    },
  ),
  value(
    'a grace period in words',
    { service: { recover_in_place_grace_period_secs: '20m' } },
    {
      pointer: '/service/recover_in_place_grace_period_secs',
      message: 'Grace period of recovery in place must be an integer, not the text "20m"',
      ...{
        variable: 'RECOVERY_GRACE_PERIOD_SEC',
        field: 'service.recover_in_place_grace_period_secs',
        given: '20m',
      },
    },
  ),
  value(
    'health checks of the 2.x guide',
    { service: { health_check: { enabled: true, method: 'FUNCTIONAL' } } },
    {
      pointer: '/service/health_check',
      message:
        'service.health_check cannot be set: nodes are asked for an answer by the options of the 1.x guide, not for an open port (PORT) or for records of a topic (FUNCTIONAL)',
      ...{ variable: 'HEALTH_CHECK', field: 'service.health_check', given: '{"enabled":true,"method":"FUNCTIONAL"}' },
    },
  ),
];

const controllerValues: readonly RefusedUpdateRequest[] = [
  value(
    'two controllers',
    { controllers: { count: 2 } },
    {
      pointer: '/controllers/count',
      message: 'Controller count must be one of 1, 3, 5, not 2',
      ...{ variable: 'CONTROLLER_COUNT', field: 'controllers.count', given: '2' },
    },
  ),
  value(
    'a mode that nobody has',
    { controllers: { mode: 'zookeeper' } },
    {
      pointer: '/controllers/mode',
      message: 'Controllers mode must be one of dedicated, combined, not "zookeeper"',
      ...{ variable: 'CONTROLLER_MODE', field: 'controllers.mode', given: 'zookeeper' },
    },
  ),
  value(
    'controllers with more heap than memory',
    { controllers: { heap: { size: 512 } } },
    {
      pointer: '/controllers/heap/size',
      message: 'controllers.heap.size (512 MiB) must be less than controllers.mem (512 MiB)',
      ...{ variable: 'CONTROLLER_HEAP_MB', field: 'controllers.heap.size', given: '512' },
    },
  ),
];

const kafkaValues: readonly RefusedUpdateRequest[] = [
  value(
    'a misspelt property',
    { kafka: { log_retenton_hours: 1 } },
    {
      pointer: '/kafka/log_retenton_hours',
      message: 'this version of Kafka has no property log.retenton.hours',
      ...{ variable: 'KAFKA_OVERRIDE_LOG_RETENTON_HOURS', field: 'kafka.log_retenton_hours', given: '1' },
    },
  ),
  value(
    'a misspelt property that is taken back',
    { kafka: { log_retenton_hours: null } },
    {
      pointer: '/kafka/log_retenton_hours',
      message: 'this version of Kafka has no property log.retenton.hours',
      ...{ variable: 'KAFKA_OVERRIDE_LOG_RETENTON_HOURS', field: 'kafka.log_retenton_hours', given: 'null' },
    },
  ),
  value(
    'a property with dots',
    { kafka: { 'log.retention.hours': 1 } },
    {
      pointer: '/kafka/log.retention.hours',
      message: 'log.retention.hours must be spelled with _ for .',
      ...{ variable: 'KAFKA_OVERRIDE_LOG_RETENTION_HOURS', field: 'kafka.log.retention.hours', given: '1' },
    },
  ),
  value(
    'an id for all brokers',
    { kafka: { node_id: 7 } },
    {
      pointer: '/kafka/node_id',
      message: 'node.id cannot be set: Warden gives each node its id',
      ...{ variable: 'KAFKA_OVERRIDE_NODE_ID', field: 'kafka.node_id', given: '7' },
    },
  ),
  value(
    'an alternate ZooKeeper',
    { kafka: { kafka_zookeeper_uri: 'zk:2181' } },
    {
      pointer: '/kafka/kafka_zookeeper_uri',
      message:
        'kafka.kafka_zookeeper_uri cannot be set: Kafka runs without ZooKeeper here: its own controllers hold the metadata',
      ...{ variable: 'KAFKA_OVERRIDE_KAFKA_ZOOKEEPER_URI', field: 'kafka.kafka_zookeeper_uri', given: 'zk:2181' },
    },
  ),
  value(
    'no partitions',
    { kafka: { num_partitions: 0 } },
    {
      pointer: '/kafka/num_partitions',
      message: 'num.partitions must be an integer (32 bits) of at least 1',
      ...{ variable: 'KAFKA_OVERRIDE_NUM_PARTITIONS', field: 'kafka.num_partitions', given: '0' },
    },
  ),
  value(
    'more replicas than brokers',
    { kafka: { default_replication_factor: 4 } },
    {
      pointer: '/kafka/default_replication_factor',
      message: 'default.replication.factor (4) must not exceed brokers.count (3)',
      ...{
        variable: 'KAFKA_OVERRIDE_DEFAULT_REPLICATION_FACTOR',
        field: 'kafka.default_replication_factor',
        given: '4',
      },
    },
  ),
  value(
    'a secret that is not shown',
    { kafka: { ssl_key_password: 'hunter2' } },
    {
      pointer: '/kafka/ssl_key_password',
      message: 'ssl.key.password cannot be set: this version of Warden serves plain-text listeners inside the VPC only',
      ...{ variable: 'KAFKA_OVERRIDE_SSL_KEY_PASSWORD', field: 'kafka.ssl_key_password', given: '(hidden)' },
    },
  ),
];

const documents: readonly RefusedUpdateRequest[] = [
  value('options that are a list', [], {
    pointer: '',
    message: 'the options document must be an object',
    ...{ variable: 'OPTIONS', field: 'options', given: '[]' },
  }),
  value(
    'null for a section',
    { kafka: null },
    {
      pointer: '/kafka',
      message: 'kafka must be an object',
      ...{ variable: 'KAFKA', field: 'kafka', given: 'null' },
    },
  ),
  value(
    'a section that is a list',
    { brokers: [3] },
    {
      pointer: '/brokers',
      message: 'brokers must be an object',
      ...{ variable: 'BROKERS', field: 'brokers', given: '[3]' },
    },
  ),
  value(
    'a section in the singular',
    { broker: { count: 4 } },
    {
      pointer: '/broker',
      message: 'there is no option broker',
      ...{ variable: 'BROKER', field: 'broker', given: '{"count":4}' },
    },
  ),
  value(
    'a misspelt option',
    { brokers: { cuont: 4 } },
    {
      pointer: '/brokers/cuont',
      message: 'there is no option brokers.cuont',
      ...{ variable: 'BROKER_CUONT', field: 'brokers.cuont', given: '4' },
    },
  ),
  value(
    'the variable BROKER_COUNT',
    { BROKER_COUNT: 4 },
    {
      pointer: '/BROKER_COUNT',
      message: 'BROKER_COUNT cannot be set: it is the spelling of an environment variable or flag of DC/OS',
      ...{ variable: 'BROKER_COUNT', field: 'BROKER_COUNT', given: '4' },
    },
  ),
  {
    title: 'changes and values together',
    options: { service: { name: 'events' }, brokers: { count: 2, mem: '4096' }, kafka: { num_partitions: 0 } },
    packageVersion: '1.0.0-3.9.2',
    errors: [
      {
        pointer: '/service/name',
        message: 'service.name cannot change (from kafka to events): the addresses and volumes of its nodes carry it',
      },
      {
        pointer: '/brokers/count',
        message: 'brokers.count cannot become less (from 3 to 2): the replicas on a broker would go with it',
      },
      {
        pointer: '/packageVersion',
        message: 'this version of Warden cannot downgrade a service yet (from 1.0.0-4.3.1 to 1.0.0-3.9.2)',
      },
      { pointer: '/brokers/mem', message: 'Memory must be an integer, not the text "4096"' },
      { pointer: '/kafka/num_partitions', message: 'num.partitions must be an integer (32 bits) of at least 1' },
    ],
    inBlocks: [
      'Validation error on field "FRAMEWORK_NAME": Changing this value (from kafka to events) is not supported.',
      'Validation error on field "BROKER_COUNT": Decreasing this value (from 3 to 2) is not supported.',
      'Validation error on field "PACKAGE_VERSION": Changing this value (from 1.0.0-4.3.1 to 1.0.0-3.9.2) is not supported.',
      'Validation error on field "BROKER_MEM": Memory must be an integer, not the text "4096"',
      'Validation error on field "KAFKA_OVERRIDE_NUM_PARTITIONS": num.partitions must be an integer (32 bits) of at least 1',
    ],
    inSteps: [
      "Field: 'service.name'; Transition: 'kafka' => 'events'; Message: 'Could not update service name from \"kafka\" to \"events\".'; Fatal: false",
      "Field: 'PodSpec[name:kafka]'; Transition: '3' => '2'; Message: 'New config's PodSpec named 'kafka' has 2 tasks, expected >=3 tasks'; Fatal: false",
      "Field: 'packageVersion'; Transition: '1.0.0-4.3.1' => '1.0.0-3.9.2'; Message: 'this version of Warden cannot downgrade a service yet (from 1.0.0-4.3.1 to 1.0.0-3.9.2)'; Fatal: false",
      "Field: 'brokers.mem'; Value: '4096'; Message: 'Memory must be an integer, not the text \"4096\"'; Fatal: false",
      "Field: 'kafka.num_partitions'; Value: '0'; Message: 'num.partitions must be an integer (32 bits) of at least 1'; Fatal: false",
    ],
  },
];

export const refusedUpdates: readonly RefusedUpdateRequest[] = [
  ...fewer,
  ...volumes,
  ...namesAndPlaces,
  ...portsAndControllers,
  ...versions,
  ...brokerValues,
  ...serviceValues,
  ...controllerValues,
  ...kafkaValues,
  ...documents,
];
