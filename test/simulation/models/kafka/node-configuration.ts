import { gunzipSync } from 'node:zlib';
import type { KafkaAddress } from '../../../../lib/ports/kafka-admin.ts';
import type { ContainerRun } from '../../contract.ts';

export interface Listener extends KafkaAddress {
  readonly name: string;
  /** What others are told to connect to. */
  readonly advertisedHost: string;
}

/** What the environment and server.properties of a node say. */
export interface NodeConfiguration {
  readonly nodeId: number;
  readonly clusterId: string;
  readonly format: string;
  readonly isBroker: boolean;
  readonly isController: boolean;
  readonly brokerListener?: Listener;
  readonly controllerListener?: Listener;
  readonly bootstrapServers: readonly KafkaAddress[];
  readonly rack: string | null;
  readonly heartbeatMs: number;
  readonly sessionTimeoutMs: number;
  readonly minIsr: number;
  readonly replicationFactor: number;
  /** A broker comes to its end while it boots, for what no check could know. */
  readonly endsAtBoot: boolean;
  /** A broker runs and never gets to register. */
  readonly neverRegisters: boolean;
  /** The whole file. */
  readonly properties: ReadonlyMap<string, string>;
}

/**
 * Stands for whatever keeps a broker from booting with options that every check has passed: an odd value that no other
 * story uses.
 */
export const fatalProperty = { name: 'offsets.topic.num.partitions', value: '13' } as const;

/** The same for whatever keeps a broker that runs from registering: logs that it cannot load, an authorizer that waits. */
export const muteProperty = { name: 'offsets.topic.num.partitions', value: '17' } as const;

/** A container that ends because of what it was given, and what Kafka or bash would print. */
export interface StartRefusal {
  readonly exitCode: number;
  readonly message: string;
}

/** Reads what the start command reads: WARDEN_PROPERTIES, WARDEN_CLUSTER_ID, WARDEN_NODE_ID and WARDEN_FORMAT. */
export function readNodeConfiguration(run: ContainerRun): NodeConfiguration | StartRefusal {
  const environment = run.environment;
  const missing = ['WARDEN_PROPERTIES', 'WARDEN_CLUSTER_ID', 'WARDEN_NODE_ID', 'WARDEN_FORMAT'].filter(
    (name) => environment[name] === undefined,
  );
  // bash runs with -u.
  if (missing.length > 0) return { exitCode: 1, message: `${missing.join(', ')}: unbound variable` };
  const properties = unpack(environment['WARDEN_PROPERTIES'] ?? '');
  if (properties === undefined) return { exitCode: 1, message: 'gunzip: WARDEN_PROPERTIES is not in gzip format' };
  const wrong = wrongProperty(run, properties);
  if (wrong !== undefined) return { exitCode: 1, message: wrong };
  const roles = list(properties.get('process.roles'));
  const controllerNames = list(properties.get('controller.listener.names'));
  const listeners = readListeners(properties);
  const brokerListener = listeners.find(({ name }) => !controllerNames.includes(name));
  const controllerListener = listeners.find(({ name }) => controllerNames.includes(name));
  const number = (name: string, fallback: number): number => Number(properties.get(name) ?? fallback);
  return {
    nodeId: number('node.id', -1),
    clusterId: environment['WARDEN_CLUSTER_ID'] ?? '',
    format: environment['WARDEN_FORMAT'] ?? '',
    isBroker: roles.includes('broker'),
    isController: roles.includes('controller'),
    ...(brokerListener === undefined ? {} : { brokerListener }),
    ...(controllerListener === undefined ? {} : { controllerListener }),
    bootstrapServers: list(properties.get('controller.quorum.bootstrap.servers')).map(toAddress),
    rack: properties.get('broker.rack') ?? null,
    // What follows are Kafka's own defaults.
    heartbeatMs: number('broker.heartbeat.interval.ms', 2000),
    sessionTimeoutMs: number('broker.session.timeout.ms', 9000),
    minIsr: number('min.insync.replicas', 1),
    replicationFactor: number('default.replication.factor', 1),
    endsAtBoot: roles.includes('broker') && properties.get(fatalProperty.name) === fatalProperty.value,
    neverRegisters: properties.get(muteProperty.name) === muteProperty.value,
    properties,
  };
}

function unpack(packed: string): ReadonlyMap<string, string> | undefined {
  let text: string;
  try {
    text = gunzipSync(Buffer.from(packed, 'base64')).toString('utf8');
  } catch {
    return undefined;
  }
  const pairs = text
    .split('\n')
    .filter((line) => line.includes('='))
    .map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  return new Map(pairs);
}

/** Why Kafka would not start with these properties on this host. */
function wrongProperty(run: ContainerRun, properties: ReadonlyMap<string, string>): string | undefined {
  const roles = list(properties.get('process.roles'));
  const isKnown = roles.length > 0 && roles.every((role) => role === 'broker' || role === 'controller');
  if (!isKnown) return `process.roles is "${roles.join(',')}"`;
  if (!/^\d+$/.test(properties.get('node.id') ?? '')) return `node.id is "${properties.get('node.id')}"`;
  const bootstrap = properties.get('controller.quorum.bootstrap.servers');
  if (bootstrap === undefined || bootstrap === '') return 'controller.quorum.bootstrap.servers is empty';
  const listeners = readListeners(properties);
  if (listeners.length !== roles.length) return `${roles.length} roles have ${listeners.length} listeners`;
  const foreign = listeners.find(({ host }) => isIpAddress(host) && host !== run.host.address);
  return foreign === undefined ? undefined : `${foreign.host}: cannot assign requested address`;
}

function readListeners(properties: ReadonlyMap<string, string>): readonly Listener[] {
  const advertised = new Map(list(properties.get('advertised.listeners')).map(splitListener));
  return list(properties.get('listeners'))
    .map(splitListener)
    .map(([name, address]) => ({ name, ...address, advertisedHost: advertised.get(name)?.host ?? address.host }));
}

function splitListener(text: string): [string, KafkaAddress] {
  const [name = '', address = ''] = text.split('://');
  return [name, toAddress(address)];
}

function toAddress(text: string): KafkaAddress {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}

function list(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').filter((part) => part !== '');
}

function isIpAddress(host: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(host);
}
