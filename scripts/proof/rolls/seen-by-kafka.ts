import type { KafkaOptions, Story } from './story.ts';

/** What one broker lives by, as `kafka-configs.sh --all` tells it: property → value. */
export async function propertiesSeenByKafka(
  { cluster, service }: Pick<Story, 'cluster' | 'service'>,
  nodeId: number,
): Promise<ReadonlyMap<string, string>> {
  return readProperties(
    await cluster.kafkaTool(
      'kafka-configs.sh',
      ...['--bootstrap-server', await service.bootstrap(), '--describe', '--all'],
      ...['--entity-type', 'brokers', '--entity-name', String(nodeId)],
    ),
  );
}

/** Lines of kafka-configs.sh: `  log.retention.ms=3600000 sensitive=false synonyms={…}`. */
export function readProperties(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(/^\s*([a-z0-9.]+)=(\S*) sensitive=/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** Checks that Warden's target and each of the brokers hold all of these values: an update that was lost shows here. */
export async function checkValues(
  story: Pick<Story, 'cluster' | 'service' | 'findings'>,
  wanted: KafkaOptions,
  nodeIds: readonly number[],
): Promise<void> {
  const { service, findings } = story;
  const options = await service.kafkaOptions();
  const names = Object.keys(wanted);
  const inTarget = Object.fromEntries(names.map((name) => [name, options[name]]));
  findings.check(`the target has ${JSON.stringify(wanted)}`, holdsAll(wanted, inTarget), inTarget);
  for (const nodeId of nodeIds) {
    const properties = await propertiesSeenByKafka(story, nodeId);
    const seen = Object.fromEntries(names.map((name) => [name, properties.get(name.replaceAll('_', '.'))]));
    findings.check(`kafka-configs.sh shows ${names.join(' and ')} on broker ${nodeId}`, holdsAll(wanted, seen), seen);
  }
}

function holdsAll(wanted: KafkaOptions, seen: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(wanted).every(
    ([name, value]) => seen[name] !== undefined && String(seen[name]) === String(value),
  );
}
