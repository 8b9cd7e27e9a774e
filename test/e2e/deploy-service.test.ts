import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Kafka, logLevel } from '../support/kafka-client.ts';
import { callApi } from './call-api.ts';
import { createLocalInstallation, kafkaTool, type LocalInstallation, until } from './local-installation.ts';

const minuteMs = 60_000;

describe('a service from cdk deploy to uninstall, with real brokers', () => {
  let installation: LocalInstallation;
  let created: LocalInstallation | undefined;

  beforeAll(async () => {
    created = await createLocalInstallation({ port: 21_700, apiPort: 21_701 });
    installation = created;
  }, 5 * minuteMs);

  afterAll(async () => {
    await created?.remove();
  }, 2 * minuteMs);

  const call = (method: string, path: string, body?: unknown) =>
    callApi(installation.endpoints, { method, path, body });
  const planStatus = async () => (await call('GET', '/v1/plans/deploy')).body.status;
  const bootstrap = async () => (await call('GET', '/v1/connection')).body.address.join(',');
  const javaProcesses = () => installation.processes().filter(({ kind }) => kind.startsWith('task'));

  const kafka = async () =>
    new Kafka({ clientId: 'e2e', brokers: (await bootstrap()).split(','), logLevel: logLevel.NOTHING });
  const endOffset = async (topic: string) => {
    const admin = (await kafka()).admin();
    await admin.connect();
    const [partition] = await admin.fetchTopicOffsets(topic);
    await admin.disconnect();
    return partition?.high;
  };

  test('a token is asked for', async () => {
    const response = await fetch(`${installation.endpoints.api}/services`);
    expect(response.status).toBe(401);
  });

  test(
    'an install is accepted with the place of its plan, and the plan becomes complete',
    async () => {
      const answer = await call('POST', '/services', { options: {} });
      expect(answer.status).toBe(202);
      expect(answer.location).toMatch(/^\/service\/kafka\/v1\/plans\/[0-9a-f-]{36}$/);
      await until(async () => (await planStatus()) === 'COMPLETE', 5 * minuteMs, 'the plan is complete');
      expect(javaProcesses()).toHaveLength(6);
    },
    6 * minuteMs,
  );

  test(
    'three controllers vote and three brokers stand in three zones, by the tools of Kafka itself',
    async () => {
      const quorum = await kafkaTool(
        'org.apache.kafka.tools.MetadataQuorumCommand',
        '--bootstrap-server',
        await bootstrap(),
        'describe',
        '--status',
      );
      expect(
        quorum
          .match(/"id": \d+/g)
          ?.slice(0, 3)
          .sort(),
      ).toEqual(['"id": 1000', '"id": 1001', '"id": 1002']);
      expect((await call('GET', '/v1/brokers')).body).toEqual(['0', '1', '2']);
      await kafkaTool(
        'org.apache.kafka.tools.TopicCommand',
        '--bootstrap-server',
        await bootstrap(),
        '--create',
        '--topic',
        'plain',
      );
      const topic = await kafkaTool(
        'org.apache.kafka.tools.TopicCommand',
        '--bootstrap-server',
        await bootstrap(),
        '--describe',
        '--topic',
        'plain',
      );
      expect(topic).toContain('ReplicationFactor: 3');
      expect(topic).toMatch(/Isr: \d,\d,\d/);
    },
    2 * minuteMs,
  );

  test('an ordinary client writes a hundred records that all replicas acknowledge', async () => {
    const producer = (await kafka()).producer();
    await producer.connect();
    const messages = Array.from({ length: 100 }, (_, index) => ({ value: `record ${index}` }));
    await producer.send({ topic: 'plain', acks: -1, messages });
    await producer.disconnect();
    expect(await endOffset('plain')).toBe('100');
  }, 60_000);

  test('a second install of the name is refused and changes nothing', async () => {
    const answer = await call('POST', '/services', { options: {} });
    expect(answer.status).toBe(409);
    expect(javaProcesses()).toHaveLength(6);
  });

  test(
    'a second service of one combined node lives beside the first and leaves nothing and nobody changed behind',
    async () => {
      const before = javaProcesses().map(({ pid }) => pid);
      const options = {
        service: { name: 'kafka-dev' },
        brokers: { count: 1, cpus: 0.25, mem: 512, heap: { size: 256 }, disk: 1000 },
      };
      expect((await call('POST', '/services', { options })).status).toBe(202);
      const dev = '/service/kafka-dev/v1';
      await until(
        async () => (await call('GET', `${dev}/plans/deploy`)).body.status === 'COMPLETE',
        2 * minuteMs,
        'the second service is complete',
      );
      const names = (await call('GET', '/services')).body.map(({ name }: { readonly name: string }) => name);
      expect(names).toEqual(['kafka', 'kafka-dev']);
      expect(javaProcesses()).toHaveLength(7);
      const [address] = (await call('GET', `${dev}/connection`)).body.address;
      expect(await bootstrap()).not.toContain(address);
      const quorum = await kafkaTool(
        ...['org.apache.kafka.tools.MetadataQuorumCommand', '--bootstrap-server', address, 'describe', '--status'],
      );
      expect(quorum).toMatch(/LeaderId:\s+0\b/);

      expect((await call('DELETE', '/service/kafka-dev?confirm=kafka-dev')).status).toBe(202);
      await until(
        async () => (await call('GET', '/services')).body.length === 1,
        2 * minuteMs,
        'the second service is gone',
      );
      expect(javaProcesses().map(({ pid }) => pid)).toEqual(before);
      expect((await call('GET', '/service/kafka-dev')).body.state).toBe('uninstalled');
      expect((await call('GET', '/v1/brokers')).body).toEqual(['0', '1', '2']);
    },
    5 * minuteMs,
  );

  test(
    'after a stop of all hosts every node comes back by itself on its own volume',
    async () => {
      await installation.stop();
      expect(installation.processes()).toEqual([]);
      await installation.restart();
      await until(
        async () => (await call('GET', '/v1/brokers')).body?.length === 3,
        3 * minuteMs,
        'three brokers are registered',
      );
      const topic = await kafkaTool(
        'org.apache.kafka.tools.TopicCommand',
        '--bootstrap-server',
        await bootstrap(),
        '--describe',
        '--topic',
        'plain',
      );
      expect(topic).toContain('ReplicationFactor: 3');
    },
    5 * minuteMs,
  );

  test(
    'an uninstall leaves no task, no volume and no name',
    async () => {
      const answer = await call('DELETE', '/service/kafka?confirm=kafka');
      expect(answer.status).toBe(202);
      await until(async () => (await call('GET', '/services')).body.length === 0, 3 * minuteMs, 'the service is gone');
      expect(javaProcesses()).toEqual([]);
    },
    4 * minuteMs,
  );

  test('the rights of the template sufficed for all of it', () => {
    expect(installation.denied()).toEqual([]);
  });
});
