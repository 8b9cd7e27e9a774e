import { brokers, type Chapter, checkStarts, type Story } from '../story.ts';

/** Kafka takes the property while it runs: its own tool shows it, and no node is restarted. */
export const dynamic: Chapter = {
  name: 'dynamic',
  title: 'a property that Kafka takes while it runs restarts nothing',
  run: async (story) => {
    const { service, findings } = story;
    const startedAt = Date.now();
    const wanted = String(3_600_000 + story.fresh());
    const { planId } = await service.update({ kafka: { log_retention_ms: Number(wanted) } });
    await service.untilComplete(planId);
    await checkStarts(story, startedAt, {});
    for (const nodeId of brokers) {
      const value = await valueSeenByKafka(story, nodeId, 'log.retention.ms');
      findings.check(
        `kafka-configs.sh shows log.retention.ms=${wanted} on broker ${nodeId}`,
        value === wanted,
        value ?? 'nothing',
      );
    }
  },
};

/** The value of a property of one broker, as kafka-configs.sh --all tells it. */
export async function valueSeenByKafka(
  { cluster, service }: Story,
  nodeId: number,
  property: string,
): Promise<string | undefined> {
  const text = await cluster.kafkaTool(
    'kafka-configs.sh',
    ...['--bootstrap-server', await service.bootstrap(), '--describe', '--all'],
    ...['--entity-type', 'brokers', '--entity-name', String(nodeId)],
  );
  const line = text.split('\n').find((candidate) => candidate.trim().startsWith(`${property}=`));
  return line
    ?.trim()
    .slice(property.length + 1)
    .split(' ')[0];
}
