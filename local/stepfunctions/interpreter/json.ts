/** A value that survives JSON: what flows between states. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** An object of JSON values. */
export type JsonObject = { readonly [key: string]: Json };

/** Whether a value is an object that is neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads JSON text. @throws SyntaxError */
export function parseJson(text: string): Json {
  return JSON.parse(text);
}

/** The size that AWS's payload limits count: the UTF-8 bytes of the JSON text. */
export function jsonSizeBytes(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}
