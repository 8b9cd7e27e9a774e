import { isJsonList, isJsonObject, type Json } from './json.ts';
import { validationError } from './validation-error.ts';

export type DynamicReference =
  | { readonly service: 'ssm' | 'ssm-secure'; readonly name: string; readonly version?: string }
  | {
      readonly service: 'secretsmanager';
      readonly secretId: string;
      readonly jsonKey?: string;
      readonly versionStage?: string;
      readonly versionId?: string;
    };

const REFERENCE = /\{\{resolve:([^}]*)\}\}/g;

/**
 * Replaces `{{resolve:…}}` in every text of a value. What a stack stores keeps the reference, so that no secret is
 * written down and an update follows the text of the template, as on AWS.
 *
 * @throws AwsError ValidationError on a service that is not known
 */
export async function resolveDynamicReferences<Value extends Json>(
  value: Value,
  read: (reference: DynamicReference) => Promise<string>,
): Promise<Value> {
  const walk = async (item: Json): Promise<Json> => {
    if (typeof item === 'string') return replaceReferences(item, read);
    if (isJsonList(item)) return Promise.all(item.map(walk));
    if (!isJsonObject(item)) return item;
    const entries = Object.entries(item).map(async ([name, member]) => [name, await walk(member)] as const);
    return Object.fromEntries(await Promise.all(entries));
  };
  // Only texts change, and a text stays a text: the form of the value is kept.
  return (await walk(value)) as Value;
}

async function replaceReferences(
  text: string,
  read: (reference: DynamicReference) => Promise<string>,
): Promise<string> {
  let replaced = text;
  for (const match of text.matchAll(REFERENCE))
    replaced = replaced.replace(match[0], await read(parseReference(match[1] ?? '')));
  return replaced;
}

function parseReference(body: string): DynamicReference {
  const [service = '', ...rest] = body.split(':');
  if (service === 'ssm' || service === 'ssm-secure') {
    const [name = '', version] = rest;
    return { service, name, ...(version === undefined ? {} : { version }) };
  }
  if (service === 'secretsmanager') return parseSecretReference(rest);
  throw validationError(
    `Dynamic reference {{resolve:${body}}} is not in the local cloud: it does ssm and secretsmanager.`,
  );
}

/** An ARN of a secret has seven parts of its own; then come SecretString, the JSON key, the stage and the version. */
function parseSecretReference(parts: readonly string[]): DynamicReference {
  const idLength = parts[0] === 'arn' ? 7 : 1;
  const [kind, jsonKey, versionStage, versionId] = parts.slice(idLength);
  if (kind !== undefined && kind !== '' && kind !== 'SecretString')
    throw validationError(`Dynamic reference to a secret reads SecretString, not ${kind}.`);
  return {
    service: 'secretsmanager',
    secretId: parts.slice(0, idLength).join(':'),
    ...(jsonKey ? { jsonKey } : {}),
    ...(versionStage ? { versionStage } : {}),
    ...(versionId ? { versionId } : {}),
  };
}
