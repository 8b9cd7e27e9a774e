import { isDeepStrictEqual } from 'node:util';
import { ByteWriter } from './byte-writer.ts';
import { MalformedMessageError } from './malformed-message-error.ts';
import { type FieldDefinition, isWithin, type MessageDefinition, type MessageValue } from './message-definition.ts';

interface Layout {
  readonly version: number;
  readonly flexible: boolean;
}

/**
 * The body of a message in one version.
 * @throws MalformedMessageError when a value has the wrong type, or is set and the version cannot carry it.
 */
export function encodeMessage(definition: MessageDefinition, version: number, message: MessageValue): Buffer {
  const writer = new ByteWriter();
  const layout = { version, flexible: isWithin(definition.flexible, version) };
  for (const name of Object.keys(message)) {
    if (!definition.fields.some((field) => field.name === name)) {
      throw new MalformedMessageError(`the message has no member ${name}`);
    }
  }
  writeStruct(writer, definition.fields, { value: message, layout });
  return writer.toBuffer();
}

interface Content<Value> {
  readonly value: Value;
  readonly layout: Layout;
}

function writeStruct(writer: ByteWriter, fields: readonly FieldDefinition[], content: Content<MessageValue>): void {
  const { value: struct, layout } = content;
  const tagged: (readonly [number, Buffer])[] = [];
  for (const field of fields) {
    const value = struct[field.name] === undefined ? field.default : struct[field.name];
    if (!isWithin(field.versions, layout.version)) refuseLostValue(field, value, layout);
    else if (field.tag === undefined || !isWithin(field.tagged, layout.version))
      writeField(writer, field, { value, layout });
    else if (!isDeepStrictEqual(value, field.default)) tagged.push([field.tag, encodeTagged(field, { value, layout })]);
  }
  if (!layout.flexible) return;
  writer.writeVarint(tagged.length);
  for (const [tag, bytes] of tagged.sort(([left], [right]) => left - right)) {
    writer.writeVarint(tag);
    writer.writeVarint(bytes.length);
    writer.writeBytes(bytes);
  }
}

/** A value that the version cannot carry would be ignored without a word: the caller must know. */
function refuseLostValue(field: FieldDefinition, value: unknown, layout: Layout): void {
  if (field.ignorable === true || isDeepStrictEqual(value, field.default)) return;
  throw new MalformedMessageError(`version ${layout.version} of the request has no member ${field.name}`);
}

function encodeTagged(field: FieldDefinition, content: Content<unknown>): Buffer {
  const writer = new ByteWriter();
  writeField(writer, field, content);
  return writer.toBuffer();
}

function writeField(writer: ByteWriter, field: FieldDefinition, { value, layout }: Content<unknown>): void {
  if (value === null && !isWithin(field.nullable, layout.version)) throw mistyped(field, value);
  if (field.array !== true) {
    writeElement(writer, field, { value, layout });
    return;
  }
  if (value !== null && !Array.isArray(value)) throw mistyped(field, value);
  writeLength(writer, value?.length ?? null, layout.flexible ? 'compact' : 'int32');
  for (const element of value ?? []) writeElement(writer, field, { value: element, layout });
}

function writeElement(writer: ByteWriter, field: FieldDefinition, { value, layout }: Content<unknown>): void {
  switch (field.type) {
    case 'struct': {
      // Only a single struct can be null, and then a byte says so; elements of an array never are.
      if (field.array !== true && isWithin(field.nullable, layout.version)) writer.writeInt8(value === null ? -1 : 1);
      if (value === null && field.array !== true) return;
      if (!isStruct(value)) throw mistyped(field, value);
      writeStruct(writer, field.fields ?? [], { value, layout });
      return;
    }
    case 'string': {
      // `nullable` of an array of strings is that of the array: Kafka has no null elements.
      if (typeof value !== 'string' && (value !== null || field.array === true)) throw mistyped(field, value);
      const bytes = value === null ? null : Buffer.from(value, 'utf8');
      writeLength(writer, bytes?.length ?? null, layout.flexible ? 'compact' : 'int16');
      if (bytes !== null) writer.writeBytes(bytes);
      return;
    }
    case 'uuid':
      if (typeof value !== 'string') throw mistyped(field, value);
      writer.writeUuid(value);
      return;
    case 'bool':
      if (typeof value !== 'boolean') throw mistyped(field, value);
      writer.writeInt8(value ? 1 : 0);
      return;
    case 'int8':
    case 'int16':
    case 'uint16':
    case 'int32':
    case 'int64':
      if (!Number.isSafeInteger(value)) throw mistyped(field, value);
      writeNumber(writer, field.type, Number(value));
  }
}

function writeNumber(writer: ByteWriter, type: 'int8' | 'int16' | 'uint16' | 'int32' | 'int64', value: number): void {
  switch (type) {
    case 'int8':
      writer.writeInt8(value);
      return;
    case 'int16':
      writer.writeInt16(value);
      return;
    case 'uint16':
      writer.writeUint16(value);
      return;
    case 'int32':
      writer.writeInt32(value);
      return;
    case 'int64':
      writer.writeInt64(value);
  }
}

/** Null is -1, in the compact form 0 with every length one higher. */
function writeLength(writer: ByteWriter, length: number | null, form: 'compact' | 'int16' | 'int32'): void {
  if (form === 'compact') writer.writeVarint((length ?? -1) + 1);
  else if (form === 'int16') writer.writeInt16(length ?? -1);
  else writer.writeInt32(length ?? -1);
}

function isStruct(value: unknown): value is MessageValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mistyped(field: FieldDefinition, value: unknown): MalformedMessageError {
  return new MalformedMessageError(
    `${field.name} is ${JSON.stringify(value)}, not ${field.type}${field.array ? '[]' : ''}`,
  );
}
