import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { AwsError } from '../core/aws-error.ts';
import { DurableMap } from '../core/durable-map.ts';
import type { Cloud } from '../core/service.ts';

export interface SecretVersion {
  readonly id: string;
  readonly createdAt: number;
  /** AWSCURRENT, AWSPREVIOUS and others; a version without stages is deprecated and goes. */
  readonly stages: readonly string[];
  readonly text?: string;
  /** Base64. */
  readonly binary?: string;
}

export interface SecretRecord {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly description?: string;
  readonly kmsKeyId?: string;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly versions: readonly SecretVersion[];
  /** When a deleted secret goes for good; it can be restored until then. */
  readonly deletedAt?: number;
}

/** Secrets by name. */
export class SecretStore {
  readonly secrets: DurableMap<SecretRecord>;
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.secrets = new DurableMap(join(cloud.dataFolder, 'secretsmanager', 'secrets.jsonl'));
  }

  /** Removes the secrets whose recovery window has passed. */
  purge(): void {
    const now = Date.now();
    for (const { name, deletedAt } of this.secrets.values())
      if (deletedAt !== undefined && deletedAt <= now) this.secrets.delete(name);
  }

  /** ARNs end with six characters that tell a secret from a later one of its name. */
  newArn(name: string): string {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
    const suffix = [...randomBytes(6)].map((byte) => alphabet.charAt(byte % alphabet.length)).join('');
    return `arn:aws:secretsmanager:${this.#cloud.region}:${this.#cloud.accountId}:secret:${name}-${suffix}`;
  }

  /**
   * By name, ARN, or ARN without its suffix; also one that awaits its deletion.
   * @throws ResourceNotFoundException
   */
  findAny(id: string): SecretRecord {
    this.purge();
    const found =
      this.secrets.get(id) ?? this.secrets.values().find(({ arn }) => arn === id || arn.replace(/-\w{6}$/, '') === id);
    if (found !== undefined) return found;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  /** @throws ResourceNotFoundException, InvalidRequestException for one that awaits its deletion */
  find(id: string): SecretRecord {
    const secret = this.findAny(id);
    if (secret.deletedAt === undefined) return secret;
    throw new AwsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }
}

/**
 * A new version takes the stages away from the others; the one that was current becomes the previous, and versions
 * without a stage go.
 */
export function addVersion(versions: readonly SecretVersion[], added: SecretVersion): SecretVersion[] {
  const takesCurrent = added.stages.includes('AWSCURRENT');
  const others = versions.map((version) => {
    const wasCurrent = version.stages.includes('AWSCURRENT');
    const kept = version.stages.filter(
      (stage) => !added.stages.includes(stage) && !(takesCurrent && stage === 'AWSPREVIOUS'),
    );
    return { ...version, stages: takesCurrent && wasCurrent ? [...kept, 'AWSPREVIOUS'] : kept };
  });
  return [...others.filter(({ stages }) => stages.length > 0), added];
}
