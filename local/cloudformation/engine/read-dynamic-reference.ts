import type { Cloud } from '../../core/service.ts';
import type { DynamicReference } from '../template/dynamic-references.ts';
import { isJsonObject } from '../template/json.ts';
import { validationError } from '../template/validation-error.ts';

/**
 * Reads what `{{resolve:…}}` stands for.
 *
 * @throws AwsError as the service that is asked
 */
export async function readDynamicReference(cloud: Cloud, reference: DynamicReference): Promise<string> {
  if (reference.service === 'secretsmanager') return readSecret(cloud, reference);
  const { name, version } = reference;
  const answer: { readonly Parameter?: { readonly Value?: string } } = await cloud.call('ssm', 'GetParameter', {
    Name: version === undefined ? name : `${name}:${version}`,
    WithDecryption: reference.service === 'ssm-secure',
  });
  return answer.Parameter?.Value ?? '';
}

async function readSecret(
  cloud: Cloud,
  reference: Extract<DynamicReference, { service: 'secretsmanager' }>,
): Promise<string> {
  const answer: { readonly SecretString?: string } = await cloud.call('secretsmanager', 'GetSecretValue', {
    SecretId: reference.secretId,
    ...(reference.versionStage === undefined ? {} : { VersionStage: reference.versionStage }),
    ...(reference.versionId === undefined ? {} : { VersionId: reference.versionId }),
  });
  const text = answer.SecretString ?? '';
  if (reference.jsonKey === undefined) return text;
  const parsed: unknown = JSON.parse(text);
  const members = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
  const found = members.find(([name]) => name === reference.jsonKey);
  if (found === undefined)
    throw validationError(`Could not find a value associated with JSONKey ${reference.jsonKey} in SecretString.`);
  return isJsonObject(found[1]) ? JSON.stringify(found[1]) : String(found[1]);
}
