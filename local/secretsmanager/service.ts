import { randomUUID } from 'node:crypto';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Cloud, Handlers, LocalService } from '../core/service.ts';
import { drawPassword } from './random-password.ts';
import { addVersion, type SecretRecord, SecretStore, type SecretVersion } from './secret-store.ts';

interface ValueInput {
  readonly ClientRequestToken?: string;
  readonly SecretString?: string;
  readonly SecretBinary?: Uint8Array;
  readonly VersionStages?: readonly string[];
}

const DAY_MS = 86_400_000;
const DEFAULT_RECOVERY_DAYS = 30;
const DESCRIBING = ['Description', 'KmsKeyId'];
const VALUE = ['ClientRequestToken', 'SecretString', 'SecretBinary'];

/** Secrets Manager. Values lie unencrypted in the data folder, as everything of the local cloud does. */
export function createSecretsmanagerService(cloud: Cloud): LocalService {
  const store = new SecretStore(cloud);
  return { name: 'secretsmanager', handlers: { ...valueHandlers(store), ...secretHandlers(store) } };
}

function valueHandlers(store: SecretStore): Handlers {
  return {
    CreateSecret(input) {
      const members = ['Name', ...DESCRIBING, ...VALUE, 'Tags'];
      refuseMembers(input, { operation: 'secretsmanager CreateSecret', members, code: 'InvalidParameterException' });
      checkName(input.Name);
      store.purge();
      const before = store.secrets.get(input.Name);
      if (before !== undefined) return repeatCreate(before, input);
      const createdAt = Date.now();
      const version = newVersion(input, createdAt);
      const secret: SecretRecord = {
        name: input.Name,
        arn: store.newArn(input.Name),
        createdAt,
        changedAt: createdAt,
        ...describing(input),
        tags: input.Tags ?? [],
        versions: version === undefined ? [] : [version],
      };
      store.secrets.set(secret.name, secret);
      return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
    },

    GetSecretValue(input) {
      const secret = store.find(input.SecretId);
      const version = findVersion(secret, input);
      return {
        ARN: secret.arn,
        Name: secret.name,
        VersionId: version.id,
        SecretString: version.text,
        SecretBinary: version.binary === undefined ? undefined : Buffer.from(version.binary, 'base64'),
        VersionStages: version.stages,
        CreatedDate: new Date(version.createdAt),
      };
    },

    PutSecretValue(input) {
      const members = ['SecretId', ...VALUE, 'VersionStages'];
      refuseMembers(input, { operation: 'secretsmanager PutSecretValue', members, code: 'InvalidParameterException' });
      const { secret, version } = putValue(store, store.find(input.SecretId), input);
      return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages };
    },

    UpdateSecret(input) {
      const members = ['SecretId', ...DESCRIBING, ...VALUE];
      refuseMembers(input, { operation: 'secretsmanager UpdateSecret', members, code: 'InvalidParameterException' });
      const described = { ...store.find(input.SecretId), ...describing(input), changedAt: Date.now() };
      store.secrets.set(described.name, described);
      const named = { ARN: described.arn, Name: described.name };
      if (input.SecretString === undefined && input.SecretBinary === undefined) return named;
      return { ...named, VersionId: putValue(store, described, input).version.id };
    },

    GetRandomPassword: (input) => ({ RandomPassword: drawPassword(input) }),
  };
}

function secretHandlers(store: SecretStore): Handlers {
  const setTags = (id: string, change: (tags: SecretRecord['tags']) => SecretRecord['tags']) => {
    const secret = store.find(id);
    store.secrets.set(secret.name, { ...secret, tags: change(secret.tags) });
  };
  return {
    DescribeSecret({ SecretId }) {
      const secret = store.findAny(SecretId);
      const VersionIdsToStages = Object.fromEntries(secret.versions.map(({ id, stages }) => [id, stages]));
      return { ...describeSecret(secret), VersionIdsToStages };
    },

    ListSecrets(input) {
      const members = ['IncludePlannedDeletion', 'MaxResults', 'NextToken'];
      refuseMembers(input, { operation: 'secretsmanager ListSecrets', members, code: 'InvalidParameterException' });
      store.purge();
      const found = store.secrets
        .values()
        .filter(({ deletedAt }) => deletedAt === undefined || input.IncludePlannedDeletion === true)
        .filter(({ name }) => input.NextToken === undefined || name > input.NextToken)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const page = found.slice(0, input.MaxResults ?? 100);
      const entries = page.map((secret) => ({
        ...describeSecret(secret),
        SecretVersionsToStages: Object.fromEntries(secret.versions.map(({ id, stages }) => [id, stages])),
      }));
      return { SecretList: entries, ...(page.length < found.length ? { NextToken: page.at(-1)?.name } : {}) };
    },

    DeleteSecret({ SecretId, RecoveryWindowInDays, ForceDeleteWithoutRecovery }) {
      const secret = store.find(SecretId);
      const days = RecoveryWindowInDays ?? DEFAULT_RECOVERY_DAYS;
      if (ForceDeleteWithoutRecovery === true && RecoveryWindowInDays !== undefined)
        throw new AwsError(
          'InvalidParameterException',
          "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
        );
      if (days < 7 || days > 30)
        throw new AwsError('InvalidParameterException', `RecoveryWindowInDays is ${days}; allowed are 7 to 30`);
      const deletedAt = Date.now() + (ForceDeleteWithoutRecovery === true ? 0 : days * DAY_MS);
      store.secrets.set(secret.name, { ...secret, deletedAt });
      store.purge();
      return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(deletedAt) };
    },

    RestoreSecret({ SecretId }) {
      const { deletedAt: _deletedAt, ...secret } = store.findAny(SecretId);
      store.secrets.set(secret.name, secret);
      return { ARN: secret.arn, Name: secret.name };
    },

    TagResource({ SecretId, Tags }) {
      const added: SecretRecord['tags'] = Tags;
      setTags(SecretId, (tags) => [...tags.filter(({ Key }) => !added.some((tag) => tag.Key === Key)), ...added]);
    },

    UntagResource({ SecretId, TagKeys }) {
      setTags(SecretId, (tags) => tags.filter(({ Key }) => !TagKeys.includes(Key)));
    },
  };
}

/** The same token with the same value is the same call again. */
function repeatCreate(before: SecretRecord, input: ValueInput): object {
  if (before.deletedAt !== undefined)
    throw new AwsError(
      'InvalidRequestException',
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  const version = before.versions.find(({ id }) => id === input.ClientRequestToken);
  if (version !== undefined && isSameValue(version, input))
    return { ARN: before.arn, Name: before.name, VersionId: version.id };
  throw new AwsError(
    'ResourceExistsException',
    `The operation failed because the secret ${before.name} already exists.`,
  );
}

function putValue(store: SecretStore, secret: SecretRecord, input: ValueInput) {
  const again = secret.versions.find(({ id }) => id === input.ClientRequestToken);
  if (again !== undefined) {
    if (isSameValue(again, input)) return { secret, version: again };
    throw new AwsError('ResourceExistsException', `A version with the token ${again.id} exists with another value.`);
  }
  const version = newVersion(input, Date.now());
  if (version === undefined)
    throw new AwsError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
  const changed = { ...secret, changedAt: version.createdAt, versions: addVersion(secret.versions, version) };
  store.secrets.set(secret.name, changed);
  return { secret: changed, version };
}

function newVersion(input: ValueInput, createdAt: number): SecretVersion | undefined {
  const { SecretString: text, SecretBinary } = input;
  if (text !== undefined && SecretBinary !== undefined)
    throw new AwsError(
      'InvalidParameterException',
      "You can't specify both a binary secret value and a string secret value.",
    );
  if (text === undefined && SecretBinary === undefined) return undefined;
  const value = text !== undefined ? { text } : { binary: toBase64(SecretBinary) };
  return {
    id: input.ClientRequestToken ?? randomUUID(),
    createdAt,
    stages: input.VersionStages ?? ['AWSCURRENT'],
    ...value,
  };
}

function isSameValue(version: SecretVersion, { SecretString, SecretBinary }: ValueInput): boolean {
  const binary = SecretBinary === undefined ? undefined : toBase64(SecretBinary);
  return version.text === SecretString && version.binary === binary;
}

function findVersion(
  secret: SecretRecord,
  wanted: { readonly VersionId?: string; readonly VersionStage?: string },
): SecretVersion {
  const stage = wanted.VersionStage ?? (wanted.VersionId === undefined ? 'AWSCURRENT' : undefined);
  const version = secret.versions.find(
    ({ id, stages }) =>
      (wanted.VersionId === undefined || id === wanted.VersionId) && (stage === undefined || stages.includes(stage)),
  );
  if (version !== undefined) return version;
  throw new AwsError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value for ${stage === undefined ? `VersionId: ${wanted.VersionId}` : `staging label: ${stage}`}`,
  );
}

function describeSecret(secret: SecretRecord): object {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    LastChangedDate: new Date(secret.changedAt),
    CreatedDate: new Date(secret.createdAt),
    DeletedDate: secret.deletedAt === undefined ? undefined : new Date(secret.deletedAt),
    Tags: secret.tags,
  };
}

function describing(input: { readonly Description?: string; readonly KmsKeyId?: string }) {
  return {
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.KmsKeyId === undefined ? {} : { kmsKeyId: input.KmsKeyId }),
  };
}

function checkName(name: string): void {
  if (/^[\w/+=.@-]{1,512}$/.test(name)) return;
  throw new AwsError('ValidationException', `Invalid name ${name}: 1 to 512 of a-zA-Z0-9/_+=.@- are allowed`);
}

function toBase64(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? new Uint8Array()).toString('base64');
}
