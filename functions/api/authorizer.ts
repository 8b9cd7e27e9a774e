import type { APIGatewayRequestAuthorizerEventV2, APIGatewaySimpleAuthorizerWithContextResult } from 'aws-lambda';
import { createSecretAccessTokens } from '../../lib/aws/secret-access-tokens.ts';
import { environmentValue } from '../environment-value.ts';
import type { Caller } from './api-request.ts';
import { tokenNameOf } from './authorize.ts';

const tokens = createSecretAccessTokens({ secretId: environmentValue('WARDEN_TOKENS_SECRET'), clock: Date.now });

/** Lets a request with a known token pass and hands its name on (payload 2.0, simple response). */
export async function handler(
  event: APIGatewayRequestAuthorizerEventV2,
): Promise<APIGatewaySimpleAuthorizerWithContextResult<Caller>> {
  const tokenName = await tokenNameOf(tokens, event.headers?.['authorization']);
  return { isAuthorized: tokenName !== undefined, context: { tokenName: tokenName ?? 'unknown' } };
}
