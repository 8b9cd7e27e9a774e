import { describe, expect, test } from '@jest/globals';
import { tokenNameOf } from '../../../functions/api/authorize.ts';
import type { AccessTokens } from '../../../lib/ports/access-tokens.ts';

const tokens: AccessTokens = { read: async () => ({ admin: 's3cret', ci: 'other', broken: '' }) };

describe('the token of a request', () => {
  test.each([
    ['token=s3cret', 'admin'],
    ['token=other', 'ci'],
    ['Bearer other', 'ci'],
    ['bearer other', 'ci'],
    [' token=s3cret ', 'admin'],
  ])('in %p is that of %s', async (header, name) => {
    expect(await tokenNameOf(tokens, header)).toBe(name);
  });

  test.each([
    [undefined],
    [''],
    ['token='],
    ['s3cret'],
    ['token=s3cre'],
    ['token=s3cret2'],
    ['Basic s3cret'],
    ['token=s3cret other'],
  ])('in %p is not known', async (header) => {
    expect(await tokenNameOf(tokens, header)).toBeUndefined();
  });
});
