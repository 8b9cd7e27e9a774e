import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hostFolder } from '../../../../local/hosts/host-folder.ts';
import {
  connectedHosts,
  launchHosts,
  registerScript,
  removeCloud,
  runOne,
  type SmallCloud,
  startSmallCloud,
  until,
  untilStatus,
} from './small-cloud.ts';

let cloud: SmallCloud;
let instanceId: string;

beforeAll(async () => {
  cloud = await startSmallCloud({ port: 21306, addressPrefix: '127.33' });
  await launchHosts(cloud.call, { zones: ['us-east-1a'], hosts: 1 });
  [{ ec2InstanceId: instanceId }] = await connectedHosts(cloud.call, 1);
  await cloud.call('logs', 'CreateLogGroup', { logGroupName: '/kafka' });
}, 30_000);

afterAll(() => removeCloud(cloud), 30_000);

const START = `set -euo pipefail
cat > "$DATA/server.properties" <<END
process.roles=broker,controller
node.id=0
controller.quorum.bootstrap.servers=127.33.1.11:21308
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.33.1.11:21307,CONTROLLER://127.33.1.11:21308
advertised.listeners=PLAINTEXT://127.33.1.11:21307,CONTROLLER://127.33.1.11:21308
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.cleaner.dedupe.buffer.size=4194304
log.dirs=$DATA/kafka
END
/opt/kafka/bin/kafka-storage.sh format --ignore-formatted --standalone -t MkU3OEVBNTcwNTJENDM2Qg -c "$DATA/server.properties"
exec /opt/kafka/bin/kafka-server-start.sh "$DATA/server.properties"`;

async function logLines(stream: string): Promise<string[]> {
  const { events } = await cloud.call('logs', 'GetLogEvents', {
    logGroupName: '/kafka',
    logStreamName: stream,
    startFromHead: true,
  });
  return events.map(({ message }: { message: string }) => message);
}

describe('a Kafka node as a task', () => {
  test('serves on its host, logs to its stream and ends cleanly on SIGTERM', async () => {
    const definition = await registerScript(cloud.call, 'kafka', START, {
      volumes: [{ name: 'data', host: { sourcePath: '/data' } }],
      container: {
        memoryReservation: 512,
        stopTimeout: 30,
        portMappings: [{ containerPort: 21307 }, { containerPort: 21308 }],
        linuxParameters: { initProcessEnabled: true },
        ulimits: [{ name: 'nofile', softLimit: 4096, hardLimit: 65_536 }],
        environment: [
          { name: 'DATA', value: '/var/lib/kafka/data' },
          { name: 'KAFKA_HEAP_OPTS', value: '-Xmx256m' },
        ],
        mountPoints: [{ sourceVolume: 'data', containerPath: '/var/lib/kafka/data' }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': '/kafka', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'kafka' },
        },
      },
    });
    const arn = await runOne(cloud.call, definition);
    const stream = `kafka/main/${arn.slice(arn.lastIndexOf('/') + 1)}`;
    await until(
      () => logLines(stream).catch(() => []),
      (lines) => lines.some((line) => line.includes('Kafka Server started')),
    );
    const socket = connect(21307, '127.33.1.11');
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    socket.destroy();
    const twin = await cloud.call('ecs', 'RunTask', { cluster: 'test', taskDefinition: definition });
    expect(twin.failures).toMatchObject([{ reason: 'RESOURCE:PORTS' }]);
    await cloud.call('ecs', 'StopTask', { cluster: 'test', task: arn });
    expect(await untilStatus(cloud.call, arn, 'STOPPED')).toMatchObject({ containers: [{ exitCode: 143 }] });
    const properties = readFileSync(
      join(hostFolder(cloud.dataFolder, instanceId), 'root', 'data', 'kafka', 'meta.properties'),
      'utf8',
    );
    expect(properties).toContain('node.id=0');
  }, 60_000);
});
