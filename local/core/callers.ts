import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DurableMap } from './durable-map.ts';
import type { Caller, Callers } from './service.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The access keys that STS issued, kept over a restart. They do not expire: a worker that outlives its hour keeps working. */
export function openCallers(dataFolder: string, accountId: string): Callers {
  const issued = new DurableMap<Caller>(join(dataFolder, 'sts', 'callers.jsonl'));
  return {
    issue(principalArn, durationSeconds) {
      const accessKeyId = `ASIA${randomLetters(16)}`;
      issued.set(accessKeyId, { accessKeyId, principalArn });
      return {
        AccessKeyId: accessKeyId,
        SecretAccessKey: randomBytes(30).toString('base64'),
        SessionToken: randomBytes(96).toString('base64'),
        Expiration: new Date(Date.now() + durationSeconds * 1000),
      };
    },
    find: (accessKeyId) => issued.get(accessKeyId) ?? { accessKeyId, principalArn: `arn:aws:iam::${accountId}:root` },
  };
}

function randomLetters(length: number): string {
  return [...randomBytes(length)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}
