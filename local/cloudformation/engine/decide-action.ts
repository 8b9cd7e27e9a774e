import type { ResourceDriver } from '../resource-driver.ts';
import { isSameJson, type JsonObject } from '../template/json.ts';

/** What must happen so that a live thing is what the template wants. */
export type Action =
  | { readonly type: 'none' }
  | { readonly type: 'create' }
  | { readonly type: 'replace'; readonly changed: ReadonlySet<string> }
  | { readonly type: 'update'; readonly changed: ReadonlySet<string> };

interface Typed {
  readonly type: string;
  readonly properties: JsonObject;
}

/** `attempted` is a change in place that was begun and may have taken hold in part. */
export function decideAction(
  driver: ResourceDriver,
  wanted: Typed,
  found: { readonly live?: Typed; readonly attempted?: JsonObject },
): Action {
  const { live, attempted } = found;
  if (live === undefined) return { type: 'create' };
  const changed = changedProperties(live.properties, wanted.properties);
  if (live.type !== wanted.type) return { type: 'replace', changed };
  if ([...changed].some((name) => needsReplacement(driver, name))) return { type: 'replace', changed };
  const uncertain = attempted === undefined ? [] : changedProperties(attempted, wanted.properties);
  const all = new Set([...changed, ...uncertain]);
  return all.size === 0 ? { type: 'none' } : { type: 'update', changed: all };
}

export function needsReplacement(driver: ResourceDriver, propertyName: string): boolean {
  return driver.replaceOn.includes('*') || driver.replaceOn.includes(propertyName);
}

/** Names of the properties that differ. */
export function changedProperties(before: JsonObject, after: JsonObject): ReadonlySet<string> {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return new Set([...names].filter((name) => !isSameJson(before[name], after[name])));
}
