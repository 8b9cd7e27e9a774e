import type { StackTag } from '../records.ts';
import type { ResourceDriver } from '../resource-driver.ts';
import type { Json, JsonObject } from '../template/json.ts';
import { isJsonList, isJsonObject } from '../template/json.ts';

/** Adds a stack's tags to the tags that the template gives a resource, which win. */
export function withStackTags(
  driver: ResourceDriver,
  properties: JsonObject,
  stackTags: readonly StackTag[],
): JsonObject {
  if (driver.tags === undefined || stackTags.length === 0) return properties;
  const own = properties['Tags'];
  return { ...properties, Tags: driver.tags === 'map' ? mergeMap(own, stackTags) : mergeList(own, stackTags) };
}

function mergeMap(own: Json | undefined, stackTags: readonly StackTag[]): JsonObject {
  const added = Object.fromEntries(stackTags.map(({ Key, Value }) => [Key, Value]));
  return { ...added, ...(isJsonObject(own) ? own : {}) };
}

function mergeList(own: Json | undefined, stackTags: readonly StackTag[]): readonly Json[] {
  const list = isJsonList(own) ? own : [];
  const keys = new Set(list.map((tag) => (isJsonObject(tag) ? tag['Key'] : undefined)));
  return [...list, ...stackTags.filter(({ Key }) => !keys.has(Key)).map(({ Key, Value }) => ({ Key, Value }))];
}

/**
 * Refuses a property that the driver does not act on.
 *
 * @throws Error with the property's name
 */
export function refuseUnknownProperties(driver: ResourceDriver, properties: JsonObject): void {
  if (driver.properties.includes('*')) return;
  const unknown = Object.keys(properties).find((name) => !driver.properties.includes(name));
  if (unknown !== undefined)
    throw new Error(
      `Property ${unknown} of ${driver.type} is not done by the local cloud, which does ${driver.properties.join(', ') || 'none'}.`,
    );
}
