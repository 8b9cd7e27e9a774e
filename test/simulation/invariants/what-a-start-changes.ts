import type { ConfigItem } from './stored-plans.ts';

/** What Kafka has where nothing is said. Source: Kafka's documentation, broker configs. */
const defaults: Readonly<Record<string, number>> = {
  'message.max.bytes': 1_048_588,
  'background.threads': 10,
  'offsets.topic.num.partitions': 50,
  'queued.max.requests': 500,
  'log.cleaner.backoff.ms': 15_000,
};

/** The properties that stories change, as a config wants them: by the number of brokers where users say nothing. */
export function wantedProperty(config: ConfigItem, name: string): string {
  const given = config.options.kafka[name.replaceAll('.', '_')];
  if (given !== undefined) return String(given);
  if (name === 'default.replication.factor') return String(Math.min(3, config.options.brokers.count));
  // One replica of a topic may be away.
  if (name === 'min.insync.replicas')
    return String(Math.max(1, Number(wantedProperty(config, 'default.replication.factor')) - 1));
  return String(defaults[name]);
}

export function defaultOf(name: string): string {
  return String(defaults[name]);
}

/** What a broker and a dedicated controller only read when they start, of all that stories change. */
const readAtStart = {
  broker: ['offsets.topic.num.partitions', 'queued.max.requests', 'default.replication.factor'],
  controller: ['queued.max.requests', 'default.replication.factor'],
} as const;

export type Role = keyof typeof readAtStart;

/** Ids from 1000 on are those of dedicated controllers. */
export function roleOf(nodeId: number): Role {
  return nodeId >= 1000 ? 'controller' : 'broker';
}

/** What of a node only a start changes, in words. */
function atStart(role: Role, config: ConfigItem): readonly string[] {
  const { cpus, mem, heap } = role === 'broker' ? config.options.brokers : config.options.controllers;
  const properties = readAtStart[role].map((name) => `${name}=${wantedProperty(config, name)}`);
  return [`cpus ${cpus}`, `mem ${mem}`, `heap ${heap.size}`, ...properties];
}

/** Whether a process that was started with one config has to be started anew for another. */
export function takesAStart(role: Role, from: ConfigItem, to: ConfigItem): boolean {
  return atStart(role, from).join() !== atStart(role, to).join();
}
