import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { AccessTokens } from '../ports/access-tokens.ts';
import type { Clock } from '../ports/clock.ts';
import { awsCall } from './operating-errors.ts';

/** The secret cannot be read, or is not an object of names and tokens. */
class AccessTokensError extends Error {
  override readonly name = 'AccessTokensError';
  readonly code = 'WARDEN_ACCESS_TOKENS';
  readonly retriable: boolean;

  constructor(message: string, options: { readonly retriable: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.retriable = options.retriable;
  }
}

/** A token that was taken out of the secret works no longer than so. */
const cachedForMs = 60_000;

export interface SecretAccessTokensOptions {
  readonly secretId: string;
  readonly clock: Clock;
  readonly client?: SecretsManagerClient;
}

/** Tokens from one secret: a JSON object of name and token, read at most once a minute. */
export function createSecretAccessTokens(options: SecretAccessTokensOptions): AccessTokens {
  const client = options.client ?? new SecretsManagerClient({});
  let cached: { readonly tokens: Readonly<Record<string, string>>; readonly readAt: number } | undefined;
  return {
    async read() {
      const now = options.clock();
      if (cached !== undefined && now - cached.readAt < cachedForMs) return cached.tokens;
      const tokens = parseTokens(await readSecret(client, options.secretId));
      cached = { tokens, readAt: now };
      return tokens;
    },
  };
}

async function readSecret(client: SecretsManagerClient, secretId: string): Promise<string> {
  const { SecretString } = await awsCall(() => client.send(new GetSecretValueCommand({ SecretId: secretId })), {
    asked: `the tokens of secret ${secretId} cannot be read`,
    as: AccessTokensError,
  });
  return SecretString ?? '';
}

/** The message never holds the text: it is a secret even where it is no JSON. */
function parseTokens(text: string): Readonly<Record<string, string>> {
  const parsed = parseJson(text);
  const entries = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
  if (entries.length === 0 || entries.some(([, token]) => typeof token !== 'string')) {
    throw new AccessTokensError('the secret of tokens must be a JSON object of names and tokens', { retriable: false });
  }
  return Object.fromEntries(entries);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
