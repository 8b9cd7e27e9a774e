import { invalidInput } from './refusals.ts';

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
const LONGEST_NAME = 255;

/**
 * A name as Route 53 keeps it: lower case, with a dot at its end.
 * @throws AwsError InvalidInput for a name that the local cloud does not take
 */
export function normalName(name: string): string {
  const normal = `${name.toLowerCase().replace(/\.$/, '')}.`;
  const labels = normal.slice(0, -1).split('.');
  if (normal.length > LONGEST_NAME || !labels.every((label) => LABEL.test(label)))
    throw invalidInput(
      `DomainLabel: ${name} is not taken: labels of 1 to 63 letters, digits, - and _, ${LONGEST_NAME} characters in all; escapes and wildcards are not done in the local cloud`,
    );
  return normal;
}

/** Whether a name is the zone's own or lies below it; both end with a dot. */
export function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/** Route 53 lists names by their labels from the last to the first. */
export function sortKey(name: string): string {
  return `${name.replace(/\.$/, '').split('.').reverse().join('.')}.`;
}
