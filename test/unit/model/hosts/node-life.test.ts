import { describe, expect, test } from '@jest/globals';
import { type KafkaAnswers, lifeByKafka } from '../../../../lib/model/hosts/node-life.ts';

const target = { brokerIds: [0, 1, 2], controllerIds: [1000, 1001, 1002] };
const now = 1_000_000;

const broker = (id: number, more: object = {}) => ({ id, fenced: false, settled: true, ...more });
const voter = (id: number, lastFetchTimestamp: number) => ({ id, lastFetchTimestamp });
const quorum = (...others: readonly { id: number; lastFetchTimestamp: number }[]) => ({
  ...{ leaderId: 1000, voters: [voter(1000, now), ...others], observers: [] },
});
const asked = (answers: Partial<KafkaAnswers>): KafkaAnswers => ({ cluster: undefined, quorum: undefined, ...answers });

describe('the life of a broker by Kafka', () => {
  test.each([
    ['alive, when the others list it as unfenced', { brokers: [broker(0), broker(1)] }, 'alive'],
    ['dead, when it is fenced', { brokers: [broker(0, { fenced: true })] }, 'dead'],
    ['dead, when it is not registered', { brokers: [broker(1)] }, 'dead'],
    ['not known, while the answers differ', { brokers: [broker(0, { fenced: true, settled: false })] }, 'unknown'],
    ['not known, when nobody answers', undefined, 'unknown'],
  ] as const)('is %s', (_what, cluster, life) => {
    expect(lifeByKafka(target, 0, asked({ cluster, quorum: quorum() }))).toBe(life);
  });
});

describe('the life of a controller by Kafka', () => {
  test.each([
    ['alive, when it leads', quorum(voter(1001, -1)), 1000, 'alive'],
    ['alive, when it has fetched 15 s ago', quorum(voter(1001, now - 15_000)), 1001, 'alive'],
    ['dead, when it has not fetched for longer', quorum(voter(1001, now - 15_001)), 1001, 'dead'],
    ['not known, when the leader never heard of it', quorum(voter(1001, -1)), 1001, 'unknown'],
    ['not known, when it is on no list', quorum(), 1001, 'unknown'],
    ['not known, when none leads', undefined, 1001, 'unknown'],
  ] as const)('is %s', (_what, led, nodeId, life) => {
    expect(lifeByKafka(target, nodeId, asked({ quorum: led, cluster: { brokers: [] } }))).toBe(life);
  });

  test('goes by the newest of its entries: those of replaced disks stay listed for a while', () => {
    const led = { ...quorum(voter(1001, now - 60_000)), observers: [voter(1001, now - 500)] };
    expect(lifeByKafka(target, 1001, asked({ quorum: led }))).toBe('alive');
  });
});

describe('the life of a combined node', () => {
  const combined = { brokerIds: [0], controllerIds: [0] };
  const led = { leaderId: 0, voters: [voter(0, now)], observers: [] };

  test('is that of either role', () => {
    expect(lifeByKafka(combined, 0, { cluster: { brokers: [] }, quorum: led })).toBe('alive');
  });

  test('is not known to be over while one role is not', () => {
    expect(lifeByKafka(combined, 0, { cluster: { brokers: [] }, quorum: undefined })).toBe('unknown');
  });
});
