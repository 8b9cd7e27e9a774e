/** Why users cannot set a group of Kafka's properties. */
export interface PropertyOwnership {
  readonly names: RegExp;
  readonly reason: string;
  readonly hint?: string;
}

/**
 * Properties that are Warden's, or that cannot work with what Warden deploys; the first match counts.
 * An option that would be accepted and then do nothing, or stop every broker, is worse than a refusal.
 */
const ownedProperties: readonly PropertyOwnership[] = [
  {
    names: /^((node|broker)\.id|broker\.id\.generation\.enable|reserved\.broker\.max\.id)$/,
    reason: 'Warden gives each node its id',
  },
  { names: /^process\.roles$/, reason: 'Warden runs dedicated brokers and controllers' },
  {
    names:
      /^((advertised\.|early\.start\.)?listeners|listener\.security\.protocol\.map|(inter\.broker|controller|control\.plane)\.listener\.names?)$/,
    reason: "Warden binds and advertises each node at its host's address",
    hint: 'choose ports with brokers.port and controllers.port',
  },
  {
    names: /^controller\./,
    reason: 'Warden forms and changes the controller quorum',
    hint: 'choose its size with controllers.count',
  },
  { names: /^broker\.rack$/, reason: 'the rack of a broker is the zone of its host' },
  {
    names: /^(log\.dirs?|metadata\.log\.dir|cordoned\.log\.dirs)$/,
    reason: "the data of a node is on the node's own volume",
    hint: 'choose its size with brokers.disk and controllers.disk',
  },
  {
    names: /^controlled\.shutdown\.enable$/,
    reason: 'a rolling restart is safe only while brokers hand over their leaders before they stop',
  },
  // The last versions that still knew ZooKeeper define these too.
  {
    names:
      /^(zookeeper\.|password\.encoder\.|controlled\.shutdown\.(max\.retries|retry\.backoff\.ms)$|leader\.imbalance\.per\.broker\.percentage$|alter\.config\.policy\.kraft\.compatibility\.enable$)/,
    reason: 'it does nothing without ZooKeeper, and Kafka keeps its metadata in its own quorum (KRaft)',
  },
  {
    names: /^(inter\.broker\.protocol|log\.message\.format)\.version$/,
    reason: 'the version of the metadata decides it since KRaft took the place of ZooKeeper',
  },
  {
    names: /^eligible\.leader\.replicas\.enable$/,
    reason: 'eligible leader replicas are not finished in this version of Kafka',
  },
  {
    names: /\.(class|class\.name|class\.path|handler\.class)$|^((kafka\.metrics|metric)\.reporters|config\.providers)$/,
    reason: 'it names code to load, and the image holds no plugins',
  },
  {
    names:
      /^(sasl|ssl|security|delegation\.token)\.|^(connections\.max\.reauth|connection\.failed\.authentication\.delay)\.ms$/,
    reason: 'this version of Warden serves plain-text listeners inside the VPC only',
    hint: 'limit who reaches the brokers with the context key warden:clientCidrs',
  },
  {
    names: /^(remote|log\.local)\.|^follower\.fetch\.last\.tiered\.offset\.enable$/,
    reason: 'tiered storage needs a storage plugin, and the image holds none',
  },
];

/** Why users cannot set this property; undefined when they can. */
export function ownershipOf(property: string): PropertyOwnership | undefined {
  return ownedProperties.find(({ names }) => names.test(property));
}
