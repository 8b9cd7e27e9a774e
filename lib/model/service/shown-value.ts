import { holdsSecret } from './holds-secret.ts';

const mostCharacters = 200;
const mostMembers = 20;
const mostLevels = 3;

/**
 * A refused value as it is shown: bounded, since it is as large and as deep as the sender likes, and without numbers
 * that JSON does not have. Secrets are not shown, nor are those inside of a value.
 */
export function shownValue(pointer: string, value: unknown): unknown {
  return holdsSecret(pointer) ? '(hidden)' : bounded(pointer, value, 0);
}

function bounded(pointer: string, value: unknown, level: number): unknown {
  if (typeof value === 'string') return value.length > mostCharacters ? `${value.slice(0, mostCharacters)}…` : value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (level === mostLevels) return '…';
  if (Array.isArray(value)) return value.slice(0, mostMembers).map((item) => bounded(pointer, item, level + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, mostMembers)
      .map(([name, member]) => [
        name.slice(0, mostCharacters),
        holdsSecret(`${pointer}/${name}`) ? '(hidden)' : bounded(`${pointer}/${name}`, member, level + 1),
      ]),
  );
}
