import { isDeepStrictEqual } from 'node:util';

/** What a template is made of. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export type JsonObject = { readonly [name: string]: Json };

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isJsonList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Equal whatever the order of members. */
export function isSameJson(left: Json | undefined, right: Json | undefined): boolean {
  return isDeepStrictEqual(left, right);
}

/** The one member of an object that has exactly one, as intrinsic functions are written. */
export function soleMember(value: JsonObject): readonly [string, Json] | undefined {
  const entries = Object.entries(value);
  return entries.length === 1 ? entries[0] : undefined;
}
