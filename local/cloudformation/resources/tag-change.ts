import type { PropertyChange } from '../resource-driver.ts';
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../template/json.ts';

export interface KeyValue {
  readonly Key: string;
  readonly Value: string;
}

/** The property Tags as a list, however the type writes it. */
export function tagList(properties: JsonObject, name = 'Tags'): readonly KeyValue[] {
  const tags = properties[name];
  if (isJsonList(tags))
    return tags.filter(isJsonObject).map((tag) => ({ Key: textOf(tag['Key']), Value: textOf(tag['Value']) }));
  if (isJsonObject(tags)) return Object.entries(tags).map(([Key, value]) => ({ Key, Value: textOf(value) }));
  return [];
}

/** The property Tags as a map, however the type writes it. */
export function tagMap(properties: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(tagList(properties).map(({ Key, Value }) => [Key, Value]));
}

/** What to set and what to remove so that the old tags become the new. */
export function tagChange(change: PropertyChange): {
  readonly set: readonly KeyValue[];
  readonly removed: readonly string[];
} {
  const before = new Map(tagList(change.before).map(({ Key, Value }) => [Key, Value]));
  const after = tagList(change.after);
  const kept = new Set(after.map(({ Key }) => Key));
  return {
    set: after.filter(({ Key, Value }) => before.get(Key) !== Value),
    removed: [...before.keys()].filter((key) => !kept.has(key)),
  };
}

function textOf(value: Json | undefined): string {
  return value === undefined ? '' : String(value);
}
