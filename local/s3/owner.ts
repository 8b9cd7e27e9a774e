import { AwsError } from '../core/aws-error.ts';
import type { Cloud } from '../core/service.ts';

/**
 * A caller may name whom it expects to own the bucket, so that it does not write into a stranger's.
 * @throws AccessDenied
 */
export function checkOwner({ accountId }: Cloud, input: { readonly ExpectedBucketOwner?: string }): void {
  const expected = input.ExpectedBucketOwner;
  if (expected !== undefined && expected !== accountId)
    throw new AwsError('AccessDenied', `Access Denied: the bucket's owner is ${accountId}, not ${expected}`, 403);
}
