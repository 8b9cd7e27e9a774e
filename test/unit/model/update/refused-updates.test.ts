import { describe, expect, test } from '@jest/globals';
import { resolveUpdate } from '../../../../lib/model/service/update/resolve-update.ts';
import { refusedUpdates } from '../../../support/refused-updates.ts';
import { storedConfig } from './stored-config.ts';

describe('an update is refused, in our words and in those of both guides, for', () => {
  test.each(refusedUpdates.map((update) => [update.title, update] as const))(
    '%s',
    (_, { options, replace, packageVersion, errors, inBlocks, inSteps }) => {
      const result = resolveUpdate({
        ...{ stored: storedConfig(), given: options, replace: replace === true },
        ...(packageVersion === undefined ? {} : { packageVersion }),
      });
      if (result.type === 'resolved') throw new Error('it is taken');
      expect(result.refusals.map(({ pointer, message }) => ({ pointer, message }))).toEqual(errors);
      expect(result.errors.map((error) => error.inBlocks)).toEqual(inBlocks);
      expect(result.errors.map((error) => error.inSteps)).toEqual(inSteps);
      for (const { allowed, hint, value } of result.refusals) {
        expect([allowed, hint].every((words) => (words ?? '').length > 0)).toBe(true);
        expect(value).not.toBeUndefined();
      }
    },
  );

  test('so many reasons that each kind is among them', () => {
    expect(refusedUpdates.length).toBeGreaterThanOrEqual(60);
    expect(new Set(refusedUpdates.map(({ title }) => title)).size).toBe(refusedUpdates.length);
  });
});
