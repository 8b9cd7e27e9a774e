import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ListHostedZonesCommand, ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cloudFolder, optFolder } from '../../scripts/launch/folders.ts';
import { callApi } from './call-api.ts';
import { createLocalInstallation, type LocalInstallation, until } from './local-installation.ts';

const minuteMs = 60_000;
const run = promisify(execFile);

describe('a service in a deployment with a private zone, with real brokers', () => {
  let installation: LocalInstallation;
  let created: LocalInstallation | undefined;
  let route53: Route53Client;

  beforeAll(async () => {
    const ports = { port: 21_710, apiPort: 21_711, addressPrefix: '127.72' };
    created = await createLocalInstallation({ ...ports, zone: 'kafka.internal' });
    installation = created;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    route53 = new Route53Client({ endpoint: installation.endpoints.aws, region: 'us-east-1', credentials });
  }, 5 * minuteMs);

  afterAll(async () => {
    route53?.destroy();
    await created?.remove();
  }, 2 * minuteMs);

  const call = (method: string, path: string, body?: unknown) =>
    callApi(installation.endpoints, { method, path, body });

  const zoneLines = async () => {
    const { HostedZones } = await route53.send(new ListHostedZonesCommand({}));
    const [zone] = HostedZones ?? [];
    const { ResourceRecordSets } = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zone?.Id }));
    const addresses = (ResourceRecordSets ?? []).filter(({ Type }) => Type === 'A');
    return addresses.map(({ Name, ResourceRecords }) => `${Name} ${ResourceRecords?.map(({ Value }) => Value).join()}`);
  };

  /** One of Kafka's own tools, as a task in the VPC runs it: it knows no other names than the zone's and localhost. */
  const toolInVpc = async (mainClass: string, ...args: readonly string[]) => {
    const folder = join(cloudFolder(installation.options.dataFolder), 'route53', 'resolver');
    const file = join(folder, readdirSync(folder)[0] ?? 'no zone');
    expect(existsSync(file)).toBe(true);
    const jars = join(optFolder, 'kafka-4.3.1', 'libs', '*');
    const flags = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', `-Djdk.net.hosts.file=${file}`];
    const { stdout } = await run('java', [...flags, '-cp', jars, mainClass, ...args]);
    return stdout;
  };

  test(
    'nodes advertise names that the zone has, the controllers vote by them, and the brokers replicate by them',
    async () => {
      const node = { cpus: 0.25, mem: 512, heap: { size: 256 }, disk: 1000 };
      const options = { brokers: { count: 2, ...node }, controllers: { count: 1, ...node } };
      expect((await call('POST', '/services', { options })).status).toBe(202);
      await until(
        async () => (await call('GET', '/v1/plans/deploy')).body.status === 'COMPLETE',
        5 * minuteMs,
        'the plan is complete',
      );
      const { address, dns, vip, controller } = (await call('GET', '/v1/connection')).body;
      expect(dns).toEqual(['b0.kafka.kafka.internal:9092', 'b1.kafka.kafka.internal:9092']);
      expect(vip).toBe('bootstrap.kafka.kafka.internal:9092');
      const [zero, one, c0] = [...address, ...controller].map((one: string) => one.split(':')[0]);
      expect(await zoneLines()).toEqual([
        `b0.kafka.kafka.internal. ${zero}`,
        `b1.kafka.kafka.internal. ${one}`,
        `bootstrap.kafka.kafka.internal. ${[zero, one].sort().join()}`,
        `c0.kafka.kafka.internal. ${c0}`,
      ]);
      const quorum = await toolInVpc(
        ...['org.apache.kafka.tools.MetadataQuorumCommand', '--bootstrap-server', vip, 'describe', '--status'],
      );
      expect(quorum).toContain('CONTROLLER://c0.kafka.kafka.internal:9093');
      const topics = ['org.apache.kafka.tools.TopicCommand', '--bootstrap-server', vip, '--topic', 'named'] as const;
      await toolInVpc(...topics, '--create', '--replication-factor', '2');
      expect(await toolInVpc(...topics, '--describe')).toMatch(/Isr: (0,1|1,0)\b/);
    },
    8 * minuteMs,
  );

  test(
    'functions in the VPC ask the brokers, and every right that was needed was there',
    async () => {
      expect((await call('GET', '/v1/brokers')).body).toEqual(['0', '1']);
      expect(installation.denied()).toEqual([]);
    },
    minuteMs,
  );

  test(
    'an uninstall leaves no name behind',
    async () => {
      expect((await call('DELETE', '/service/kafka?confirm=kafka')).status).toBe(202);
      await until(async () => (await call('GET', '/services')).body.length === 0, 3 * minuteMs, 'the service is gone');
      expect(await zoneLines()).toEqual([]);
      expect(installation.denied()).toEqual([]);
    },
    4 * minuteMs,
  );
});
