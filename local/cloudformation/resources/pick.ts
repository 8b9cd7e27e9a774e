import { isJsonList, type Json, type JsonObject } from '../template/json.ts';

/** The named properties that are there. */
export function pick(properties: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]])),
  );
}

/** Whether one of the named properties changed. */
export function changesOf(changed: ReadonlySet<string>, names: readonly string[]): boolean {
  return names.some((name) => changed.has(name));
}

/** A property that is a list of texts; absent is empty. */
export function textList(properties: JsonObject, name: string): readonly string[] {
  const value = properties[name];
  return isJsonList(value) ? value.map(String) : value === undefined ? [] : [String(value)];
}

/** A property as text; undefined when absent. */
export function textOf(properties: JsonObject, name: string): string | undefined {
  const value: Json | undefined = properties[name];
  return value === undefined || value === null
    ? undefined
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}

/** A property that the type requires. */
export function requiredText(properties: JsonObject, name: string): string {
  const text = textOf(properties, name);
  if (text === undefined) throw new Error(`Property ${name} is required.`);
  return text;
}
