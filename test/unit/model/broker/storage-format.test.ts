import { expect, test } from '@jest/globals';
import { storageFormat } from '../../../../lib/model/broker/storage-format.ts';

const target = { controllerIds: [1000, 1001, 1002] };
const quorumFormed = { service: 'kafka', formedAt: 1 };
const volume = { generation: 1, zone: 'a', sizeGiB: 5, fileSystemMade: true, kafkaFormatted: false };

test('the first controller forms the quorum as long as none was formed', () => {
  expect(storageFormat({ target }, { nodeId: 1000, volume })).toBe('--standalone');
  expect(storageFormat({ target: { controllerIds: [0] } }, { nodeId: 0, volume })).toBe('--standalone');
});

test('nobody forms it a second time, whatever the disk of the first controller holds', () => {
  expect(storageFormat({ target, quorumFormed }, { nodeId: 1000, volume })).toBe('--no-initial-controllers');
});

test('every other node joins, before the quorum was formed and after', () => {
  for (const nodeId of [1001, 1002, 0]) {
    expect(storageFormat({ target }, { nodeId, volume })).toBe('--no-initial-controllers');
    expect(storageFormat({ target, quorumFormed }, { nodeId, volume })).toBe('--no-initial-controllers');
  }
});

test('a disk with which the node was in sync is never formatted again', () => {
  const used = { ...volume, kafkaFormatted: true };
  for (const nodeId of [1000, 0]) expect(storageFormat({ target }, { nodeId, volume: used })).toBe('never');
});
