import type { WireRequest } from './message.ts';

/** The access key that signed a request; empty when none did. Signatures themselves are not verified. */
export function readAccessKeyId(request: WireRequest): string {
  return readCredential(request)[0] ?? '';
}

/** The service that a request was signed for, for example states; undefined when it was not signed. */
export function readSigningName(request: WireRequest): string | undefined {
  return readCredential(request)[3];
}

/** A credential reads key/date/region/service/aws4_request, in a header or in a presigned address. */
function readCredential(request: WireRequest): string[] {
  const inHeader = /Credential=([^,\s]+)/.exec(request.headers['authorization'] ?? '')?.[1];
  const inAddress = request.query.get('X-Amz-Credential');
  // The old form of a presigned address of S3 says no more than the key.
  const old = request.query.get('AWSAccessKeyId');
  return (inHeader ?? inAddress ?? (old === null ? '' : `${old}///s3`)).split('/');
}
