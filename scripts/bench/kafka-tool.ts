import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaVersionOf } from '../../lib/model/service/config.ts';
import { defaultPackageVersion } from '../../lib/model/service/package-version.ts';
import { buildKafkaHome } from '../../local/images/kafka-image.ts';
import { optFolder } from '../launch/folders.ts';

/** Runs one of the programs of Kafka's own distribution with its own flags; resolves with what it printed. */
export async function kafkaTool(program: string, ...args: readonly string[]): Promise<string> {
  const home = buildKafkaHome(optFolder, kafkaVersionOf(defaultPackageVersion));
  const { stdout } = await promisify(execFile)(join(home, 'bin', program), args);
  return stdout;
}

/** The topic that every roll has to keep in sync. */
export const topic = { name: 'bench', partitions: 12 };

export async function createTopic(bootstrap: string): Promise<void> {
  await kafkaTool(
    'kafka-topics.sh',
    ...['--bootstrap-server', bootstrap, '--create', '--topic', topic.name],
    ...['--partitions', String(topic.partitions), '--replication-factor', '3', '--config', 'min.insync.replicas=2'],
  );
}
