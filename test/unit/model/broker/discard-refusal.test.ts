import { describe, expect, test } from '@jest/globals';
import {
  brokerDiscardRefusal,
  controllerDiscardRefusal,
  discardRefusalSentence,
} from '../../../../lib/model/broker/discard-refusal.ts';

function partition(name: string, replicas: readonly number[], isr: readonly number[]) {
  const [topic = '', number = '0'] = name.split('-');
  return { topic, partition: Number(number), replicas, isr, minIsr: 1 };
}

const asked = { nodeId: 0, liveIds: [1, 2], isDown: false };

describe('the volume of a broker', () => {
  test.each([
    ['another replica is in sync', [partition('a-0', [0, 1, 2], [0, 1])]],
    ['it has fallen out of the ISR itself', [partition('a-0', [0, 1], [1])]],
    ['it holds nothing', [partition('a-0', [1, 2], [1])]],
  ])('may be given up when %s', (_what, partitions) => {
    expect(brokerDiscardRefusal(partitions, asked)).toBeUndefined();
  });

  test.each([
    ['it is the only replica', partition('a-0', [0], [0])],
    ['the others lag', partition('a-0', [0, 1, 2], [0])],
    ['the other that is in sync is down', partition('a-0', [0, 3], [0, 3])],
    ['nobody is in sync', partition('a-0', [0, 1], [])],
  ])('must not when %s', (_what, last) => {
    const partitions = [partition('b-1', [0, 1], [0, 1]), last];
    expect(brokerDiscardRefusal(partitions, asked)).toEqual({ type: 'last replicas', partitions: ['a-0'], total: 1 });
  });

  test('must not yet when it is down and still counts as in sync', () => {
    const partitions = [partition('a-0', [0, 1], [0, 1])];
    expect(brokerDiscardRefusal(partitions, { ...asked, isDown: true })).toEqual({
      ...{ type: 'still in sync', partition: 'a-0' },
    });
  });

  test('names 20 partitions at most, and says how many there are', () => {
    const partitions = Array.from({ length: 23 }, (_, number) => partition(`a-${number}`, [0], [0]));
    const refusal = brokerDiscardRefusal(partitions, asked);
    expect(refusal).toMatchObject({ total: 23 });
    const sentence = refusal && discardRefusalSentence(refusal);
    expect(sentence).toMatch(/^no other live replica is in sync of 23 partitions: a-0, a-1, .*, a-19 and 3 more$/);
  });
});

describe('the volume of a controller', () => {
  const voter = (id: number, lastCaughtUpTimestamp = 100_000) => ({
    ...{ id, directoryId: `directory-${id}`, lastFetchTimestamp: 100_000, lastCaughtUpTimestamp },
  });
  const quorum = (...voters: readonly ReturnType<typeof voter>[]) => ({ leaderId: 1000, voters, observers: [] });

  test('may be given up when the others are a majority that has caught up', () => {
    expect(
      controllerDiscardRefusal(quorum(voter(1000), voter(1001), voter(1002)), {
        nodeId: 1001,
        isDown: false,
        soughtElsewhere: [],
      }),
    ).toBeUndefined();
  });

  test('may be given up when it votes no more', () => {
    expect(
      controllerDiscardRefusal(quorum(voter(1000), voter(1002)), { nodeId: 1001, isDown: false, soughtElsewhere: [] }),
    ).toBeUndefined();
  });

  test('must not when another one has fallen behind', () => {
    const refusal = controllerDiscardRefusal(quorum(voter(1000), voter(1001), voter(1002, 1)), {
      nodeId: 1001,
      isDown: true,
      soughtElsewhere: [],
    });
    expect(refusal && discardRefusalSentence(refusal)).toBe(
      'without controller 1001 the quorum needs 2 voters that have caught up, there are: 1000',
    );
  });

  test('must not yet when it is down and another one was not heard of since, who may be gone as well', () => {
    const fetchedAt = (id: number, lastFetchTimestamp: number) => ({ ...voter(id), lastFetchTimestamp });
    const down = { nodeId: 1001, isDown: true, soughtElsewhere: [] };
    const silent = quorum(voter(1000), fetchedAt(1001, 99_500), fetchedAt(1002, 99_100));
    const refusal = controllerDiscardRefusal(silent, down);
    expect(refusal && discardRefusalSentence(refusal)).toBe(
      'the controllers have still to hear of controller-2 since its stop',
    );
    expect(controllerDiscardRefusal(silent, { ...down, isDown: false })).toBeUndefined();
    const heard = quorum(voter(1000), fetchedAt(1001, 99_500), fetchedAt(1002, 99_600));
    expect(controllerDiscardRefusal(heard, down)).toBeUndefined();
  });

  test.each([[quorum(voter(1000))], [quorum(voter(1000), voter(1001))]])('must not of two voters or one', (few) => {
    expect(controllerDiscardRefusal(few, { nodeId: 1000, isDown: false, soughtElsewhere: [] })).toMatchObject({
      type: 'quorum',
    });
  });
});
