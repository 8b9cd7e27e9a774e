import { definitionsOfAnyVersion } from '../kafka/definitions.ts';
import { propertyNameOf } from '../kafka/property-name.ts';

const secretWords = /password|passphrase|secret|jaas|(private|keystore|master)[._-]?key/i;

/**
 * Whether the value at a pointer into an options document is a secret. For a property of Kafka its definition says so,
 * in whatever version it is one; for what Kafka does not know, and options elsewhere, the words of its name.
 */
export function holdsSecret(pointer: string): boolean {
  const option = /^\/kafka\/(.+)$/.exec(pointer)?.[1];
  const definitions = option === undefined ? [] : definitionsOfAnyVersion(propertyNameOf(option.toLowerCase()));
  if (definitions.length === 0) return secretWords.test(pointer);
  return definitions.some(({ type }) => type === 'password');
}
