import { describe, expect, test } from '@jest/globals';
import { openDiscard, openReplacement, volumesToDelete } from '../../../../lib/model/broker/open-replacement.ts';
import type { NodeReplacement } from '../../../../lib/model/node-wish.ts';
import type { NodeGoal } from '../../../../lib/model/state.ts';

const volume = {
  ...{ generation: 2, zone: 'a', sizeGiB: 1, id: 'vol-2', fileSystemMade: true, kafkaFormatted: true },
};
const goal: NodeGoal = {
  ...{ service: 'kafka', nodeId: 0, configId: 'c', attempt: 1, failures: { count: 0, lastAttempt: 0 } },
  ...{ volume, replaced: 1 },
};

function words(replace: Partial<NodeReplacement>) {
  const asked = { times: 2, volume: 'keep' as const, force: false, requestedBy: 'x', requestedAt: 1, ...replace };
  return { goals: [goal], nodeWishes: [{ service: 'kafka', nodeId: 0, revision: 1, replace: asked }] };
}

describe('a replacement is open', () => {
  test.each<[string, Partial<NodeReplacement>, boolean]>([
    ['that was asked for since', {}, true],
    ['that was decided', { times: 1 }, false],
    ['that was taken back', { cancelled: true }, false],
    ['that names the volume of the node', { volume: 'discard', volumeId: 'vol-2' }, true],
    ['that names the volume before it', { volume: 'discard', volumeId: 'vol-1' }, false],
    ['that names none, of a node that has one', { volume: 'snapshot', snapshotId: 'snap-1' }, false],
  ])('%s', (_what, replace, isOpen) => {
    expect(openReplacement(words(replace), 0) !== undefined).toBe(isOpen);
  });

  test('and gives up a volume only when it says so', () => {
    expect(openDiscard(words({}), 0)).toBeUndefined();
    expect(openDiscard(words({ volume: 'discard', volumeId: 'vol-2' }), 0)).toMatchObject({ times: 2 });
  });
});

describe('a volume is deleted', () => {
  const old = { id: 'vol-1', generation: 1 };
  test.each([
    [
      'when the node did without it and the wish names it',
      { ...old, needless: true as const },
      { volumeId: 'vol-1' },
      1,
    ],
    ['when an earlier wish has named it', { ...old, needless: true as const }, { earlierVolumeIds: ['vol-1'] }, 1],
    ['never before the node was in sync without it', old, { volumeId: 'vol-1' }, 0],
    ['never when no wish names it', { ...old, needless: true as const }, { volumeId: 'vol-0' }, 0],
    ['never when the node has it', { ...old, id: 'vol-2', needless: true as const }, { volumeId: 'vol-2' }, 0],
  ])('%s', (_when, discarded, replace, count) => {
    expect(volumesToDelete(words(replace), { ...goal, discarded: [discarded] })).toHaveLength(count);
  });
});
