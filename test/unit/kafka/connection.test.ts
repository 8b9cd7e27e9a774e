import { afterEach, describe, expect, test } from '@jest/globals';
import { openConnection } from '../../../lib/kafka/protocol/connection.ts';
import type { KafkaAddress } from '../../../lib/ports/kafka-admin.ts';
import { createScriptedNode, createTestServer, sendFrame, type TestServer } from './scripted-node.ts';

const servers: TestServer[] = [];
const options = { clientId: 'test', connectTimeoutMs: 5_000, requestTimeoutMs: 5_000 };
const request = { includeClusterAuthorizedOperations: false, includeFencedBrokers: false };

async function started(server: Promise<TestServer>): Promise<TestServer> {
  servers.push(await server);
  return server;
}

/** A server that speaks raw bytes. */
function raw(onData: Parameters<typeof createTestServer>[0]): Promise<TestServer> {
  return started(createTestServer(onData));
}

const open = (address: KafkaAddress, changes = {}) => openConnection(address, { ...options, ...changes });

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

describe('a connection', () => {
  test('asks in the highest version that both sides know', async () => {
    const seen: number[] = [];
    const script = {
      DescribeCluster: (_: unknown, version: number) => {
        seen.push(version);
        return { clusterId: 'c' };
      },
    };
    const older = await open((await started(createScriptedNode(script, { DescribeCluster: [0, 1] }))).address);
    const newer = await open((await started(createScriptedNode(script, { DescribeCluster: [0, 99] }))).address);
    await older.call('DescribeCluster', request);
    await newer.call('DescribeCluster', request);
    expect(seen).toEqual([1, 2]);
    older.close();
    newer.close();
  });

  test('refuses a request that the node does not know, or only in other versions, without sending it', async () => {
    const script = { DescribeCluster: () => ({ clusterId: 'c' }) };
    const node = await started(createScriptedNode(script, { DescribeCluster: [90, 99] }));
    const connection = await open(node.address);
    expect(connection.versionOf('DescribeCluster')).toBeUndefined();
    await expect(connection.call('DescribeCluster', request)).rejects.toMatchObject({
      name: 'KafkaUnsupportedError',
      code: 'WARDEN_KAFKA_UNSUPPORTED',
      retriable: false,
    });
    await expect(connection.call('UnregisterBroker', { brokerId: 1 })).rejects.toThrow(
      'does not know the request UnregisterBroker',
    );
    connection.close();
  });

  test('refuses a member that the node’s version cannot carry', async () => {
    const script = { DescribeCluster: () => ({ clusterId: 'c' }) };
    const node = await started(createScriptedNode(script, { DescribeCluster: [0, 1] }));
    const connection = await open(node.address);
    const fenced = { ...request, includeFencedBrokers: true };
    await expect(connection.call('DescribeCluster', fenced)).rejects.toThrow('no member includeFencedBrokers');
    connection.close();
  });

  test('finds a common version with a node that does not know the newest ApiVersions', async () => {
    const script = { DescribeCluster: () => ({ clusterId: 'old' }) };
    const node = await started(createScriptedNode(script, { ApiVersions: [0, 2] }));
    const connection = await open(node.address);
    expect(await connection.call('DescribeCluster', request)).toMatchObject({ clusterId: 'old' });
    connection.close();
  });

  test('matches answers that come in another order to their requests', async () => {
    const second = Promise.withResolvers<void>();
    const script = {
      DescribeCluster: async () => {
        await second.promise;
        return { clusterId: 'first' };
      },
      UnregisterBroker: () => {
        second.resolve();
        return { errorMessage: 'second' };
      },
    };
    const connection = await open((await started(createScriptedNode(script))).address);
    const answers = await Promise.all([
      connection.call('DescribeCluster', request),
      connection.call('UnregisterBroker', { brokerId: 1 }),
    ]);
    expect(answers).toMatchObject([{ clusterId: 'first' }, { errorMessage: 'second' }]);
    connection.close();
  });

  test('closed here fails what is under way and what comes later', async () => {
    const node = await started(createScriptedNode({ DescribeCluster: () => undefined }));
    const connection = await open(node.address);
    const underWay = connection.call('DescribeCluster', request);
    connection.close();
    await expect(underWay).rejects.toThrow('the connection was closed here');
    await expect(connection.call('DescribeCluster', request)).rejects.toThrow('the connection was closed here');
    await node.allClosed();
  });

  test('is given up by its signal, before and after it is open', async () => {
    const node = await started(createScriptedNode({ DescribeCluster: () => undefined }));
    await expect(open(node.address, { signal: AbortSignal.abort() })).rejects.toThrow('was given up');
    const stop = new AbortController();
    const connection = await open(node.address, { signal: stop.signal });
    const underWay = connection.call('DescribeCluster', request);
    stop.abort();
    await expect(underWay).rejects.toMatchObject({ name: 'KafkaUnreachableError' });
    await node.allClosed();
  });
});

describe('a node that fails', () => {
  const unreachable = { name: 'KafkaUnreachableError', code: 'WARDEN_KAFKA_UNREACHABLE', retriable: true };
  const noKafka = { name: 'KafkaProtocolError', code: 'WARDEN_KAFKA_PROTOCOL', retriable: false };

  test('that does not listen is unreachable, with the reason', async () => {
    const node = await started(createScriptedNode({}));
    await node.close();
    servers.length = 0;
    const refused = open(node.address);
    await expect(refused).rejects.toMatchObject(unreachable);
    await expect(refused).rejects.toThrow('ECONNREFUSED');
  });

  test('that says nothing is given up after the timeout', async () => {
    const mute = await raw(() => () => undefined);
    const opening = open(mute.address, { requestTimeoutMs: 50 });
    await expect(opening).rejects.toMatchObject(unreachable);
    await expect(opening).rejects.toThrow('did not answer ApiVersions in 50 ms');
    await mute.allClosed();
  });

  test('that hangs up in the middle of an answer is unreachable', async () => {
    const rude = await raw((socket) => () => socket.end(Buffer.from([0, 0, 0, 50, 0, 0])));
    const opening = open(rude.address);
    await expect(opening).rejects.toMatchObject(unreachable);
    await expect(opening).rejects.toThrow('closed the connection');
    await rude.allClosed();
  });

  test('that resets the connection is unreachable', async () => {
    const reset = await raw((socket) => () => socket.resetAndDestroy());
    await expect(open(reset.address)).rejects.toMatchObject(unreachable);
    await reset.allClosed();
  });

  test('that speaks HTTP is no Kafka', async () => {
    const web = await raw((socket) => () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(open(web.address)).rejects.toMatchObject(noKafka);
    await web.allClosed();
  });

  test('that answers a request that was not sent is no Kafka', async () => {
    const confused = await raw((socket) => () => sendFrame(socket, 77, Buffer.alloc(6)));
    const opening = open(confused.address);
    await expect(opening).rejects.toMatchObject(noKafka);
    await expect(opening).rejects.toThrow('the answer to request 77 was not asked for');
    await confused.allClosed();
  });

  test('that answers with other bytes than the request has is no Kafka, and the connection ends', async () => {
    const broken = await raw(
      (socket) => (chunk) => sendFrame(socket, chunk.readInt32BE(8), Buffer.from('00000505', 'hex')),
    );
    const opening = open(broken.address);
    await expect(opening).rejects.toMatchObject(noKafka);
    await expect(opening).rejects.toThrow('answered ApiVersions version 4 with other bytes');
    await broken.allClosed();
  });

  test('that shares no version of ApiVersions is no Kafka of ours', async () => {
    const stubborn = await started(createScriptedNode({ ApiVersions: () => ({ errorCode: 35, apiKeys: [] }) }));
    await expect(open(stubborn.address)).rejects.toMatchObject(noKafka);
    await stubborn.allClosed();
  });
});
