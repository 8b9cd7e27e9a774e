import { types } from 'node:util';
import type { Shape, TimestampFormat } from './shape.ts';

/** Writes a checked scalar as the text that goes into XML, a header or a query string. */
export function writeScalar(shape: Shape, value: unknown, format: TimestampFormat): string {
  if (shape.type === 'blob') return toBase64(value);
  if (shape.type === 'timestamp') return writeTime(value, shape.format ?? format);
  return String(value);
}

/** Reads the text of a scalar. Text that does not fit comes back as it is, for checkValue to name it. */
export function readScalar(shape: Shape, text: string): unknown {
  switch (shape.type) {
    case 'number':
      return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
    case 'boolean':
      return readBoolean(text);
    case 'timestamp':
      return readTime(text);
    case 'blob':
      return Buffer.from(text, 'base64');
    default:
      return text;
  }
}

/** A time as wire text. Milliseconds are left out when they are zero, as AWS does. */
export function writeTime(value: unknown, format: TimestampFormat): string {
  if (!types.isDate(value)) throw new Error(`expected a Date, got ${String(value)}`);
  switch (format) {
    case 'date-time':
      return value.toISOString().replace('.000Z', 'Z');
    case 'http-date':
      return value.toUTCString();
    case 'epoch-seconds':
      return String(value.getTime() / 1000);
  }
}

export function toBase64(value: unknown): string {
  if (!ArrayBuffer.isView(value)) throw new Error(`expected bytes, got ${typeof value}`);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
}

function readBoolean(text: string): unknown {
  if (text === 'true') return true;
  return text === 'false' ? false : text;
}

function readTime(text: string): unknown {
  const time = /^\d+(\.\d+)?$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
  return Number.isNaN(time.getTime()) ? text : time;
}
