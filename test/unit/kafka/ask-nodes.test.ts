import { afterEach, describe, expect, test } from '@jest/globals';
import { askFirst, askNodes, failureOf } from '../../../lib/kafka/ask-nodes.ts';
import { KafkaResponseError, KafkaUnsupportedError } from '../../../lib/kafka/kafka-errors.ts';
import type { KafkaConnection } from '../../../lib/kafka/protocol/connection.ts';
import type { KafkaAddress } from '../../../lib/ports/kafka-admin.ts';
import { createScriptedNode, createTestServer, type TestServer } from './scripted-node.ts';

const servers: TestServer[] = [];
const options = { clientId: 'test', connectTimeoutMs: 5_000, requestTimeoutMs: 5_000 };
const down: KafkaAddress = { host: '127.50.0.201', port: 21510 };
const retriableCode = 41;

async function started(server: Promise<TestServer>): Promise<TestServer> {
  servers.push(await server);
  return server;
}

const live = () => started(createScriptedNode({}));
/** It takes connections and never says a word. */
const mute = () => started(createTestServer(() => () => undefined));
const portOf = async (connection: KafkaConnection) => connection.address.port;

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

describe('the first answer', () => {
  test('comes from the next node when one is down', async () => {
    const { address } = await live();
    expect(await askFirst({ addresses: [down, address], options }, portOf)).toBe(address.port);
  });

  test('comes from the next node when one connects and then says nothing', async () => {
    const [first, second] = [await mute(), await live()];
    expect(await askFirst({ addresses: [first.address, second.address], options }, portOf)).toBe(second.address.port);
    await first.allClosed();
  });

  test('comes from the next node when Kafka says that this one cannot now', async () => {
    const [first, second] = [await live(), await live()];
    const question = async (connection: KafkaConnection) => {
      if (connection.address === first.address) throw new KafkaResponseError('it', retriableCode);
      return connection.address.port;
    };
    expect(await askFirst({ addresses: [first.address, second.address], options }, question)).toBe(second.address.port);
  });

  test('is a refusal at once when no node would answer otherwise', async () => {
    const nodes = [await live(), await live()];
    const asked: KafkaAddress[] = [];
    const addresses = nodes.map(({ address }) => address);
    const refusal = askFirst({ addresses, options }, async ({ address }) => {
      asked.push(address);
      throw new KafkaUnsupportedError('never');
    });
    await expect(refusal).rejects.toThrow('never');
    expect(asked).toEqual([addresses[0]]);
  });

  test('is an error that names each node when none is reached', async () => {
    const other = { ...down, port: 21511 };
    await expect(askFirst({ addresses: [down, other], options }, portOf)).rejects.toMatchObject({
      name: 'KafkaUnreachableError',
      message: expect.stringMatching(/^none of 2 nodes answered: .*127\.50\.0\.201:21510.*; .*127\.50\.0\.201:21511/),
    });
    await expect(askFirst({ addresses: [], options }, portOf)).rejects.toThrow('no address was given');
  });

  test('leaves no connection open, whatever the question does', async () => {
    const node = await live();
    const nodes = { addresses: [node.address], options };
    await askFirst(nodes, portOf);
    const bug = new TypeError('a bug');
    await expect(askFirst(nodes, () => Promise.reject(bug))).rejects.toBe(bug);
    await node.allClosed();
  });
});

describe('the answers of several nodes', () => {
  test('are all awaited when all are needed, failures apart', async () => {
    const nodes = [await live(), await live()];
    const addresses = [...nodes.map(({ address }) => address), down];
    const { answered, silent } = await askNodes({ addresses, options, atOnce: 3, enough: 3, graceMs: 0 }, portOf);
    expect(answered.map(({ value }) => value).sort()).toEqual(nodes.map(({ address }) => address.port).sort());
    expect(silent).toMatchObject([{ address: down, reason: expect.stringContaining('ECONNREFUSED') }]);
  });

  test('end the wait for a node that hangs once there are enough', async () => {
    const [talker, hanger] = [await live(), await mute()];
    const plan = { addresses: [hanger.address, talker.address], options, atOnce: 2, enough: 1, graceMs: 0 };
    const { answered, silent } = await askNodes(plan, portOf);
    expect(answered).toEqual([{ address: talker.address, value: talker.address.port }]);
    expect(silent.map(({ reason }) => reason)).toEqual([expect.stringContaining('given up')]);
    await hanger.allClosed();
  });

  test('come from no more nodes than are asked at once while those answer', async () => {
    const nodes = await Promise.all([live(), live(), live()]);
    const plan = { addresses: nodes.map(({ address }) => address), options, atOnce: 2, enough: 2, graceMs: 0 };
    const { answered } = await askNodes(plan, portOf);
    expect(answered.map(({ value }) => value).sort()).toEqual(
      nodes
        .slice(0, 2)
        .map(({ address }) => address.port)
        .sort(),
    );
  });
});

describe('of several failures', () => {
  test('what Kafka said goes before what the network did', async () => {
    const answer = new KafkaResponseError('it', retriableCode);
    const { silent } = await askNodes({ addresses: [down], options, atOnce: 1, enough: 1, graceMs: 0 }, portOf);
    expect(failureOf([...silent, { address: down, reason: '', error: answer }])).toBe(answer);
  });
});
