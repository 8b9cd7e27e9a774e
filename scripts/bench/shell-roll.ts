import type { BareCluster } from './bare-cluster.ts';
import { kafkaTool } from './kafka-tool.ts';
import type { NodeTime } from './measurement.ts';

/**
 * Rolls as a runbook's shell loop does: stop a broker, start it, ask kafka-topics.sh until no partition is
 * under-replicated, next. The loop asks again at once, which is kinder to it than the sleeps of most runbooks, and it
 * does not move leaders back.
 */
export async function rollByShellLoop(cluster: BareCluster): Promise<NodeTime[]> {
  const times: NodeTime[] = [];
  for (const node of cluster.brokers) {
    const startedAt = performance.now();
    await node.stop();
    const stoppedAt = performance.now();
    node.start('--no-initial-controllers');
    while (await hasUnderReplicated(cluster.bootstrap)) node.assertRuns();
    const phases = { stop: (stoppedAt - startedAt) / 1000, 'in sync': (performance.now() - stoppedAt) / 1000 };
    times.push({ nodeId: node.nodeId, phases });
  }
  return times;
}

async function hasUnderReplicated(bootstrap: string): Promise<boolean> {
  const output = await kafkaTool(
    'kafka-topics.sh',
    ...['--bootstrap-server', bootstrap, '--describe', '--under-replicated-partitions'],
  );
  return output.includes('Partition:');
}
