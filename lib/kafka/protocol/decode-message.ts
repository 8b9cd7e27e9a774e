import { ByteReader } from './byte-reader.ts';
import { MalformedMessageError } from './malformed-message-error.ts';
import { type FieldDefinition, isWithin, type MessageDefinition, type MessageValue } from './message-definition.ts';

interface Layout {
  readonly version: number;
  readonly flexible: boolean;
}

/**
 * Reads a message of one version; members that the version lacks get their default.
 * @throws MalformedMessageError when the bytes are not exactly one such message.
 */
export function decodeMessage(definition: MessageDefinition, version: number, bytes: Buffer): MessageValue {
  const reader = new ByteReader(bytes);
  const message = readStruct(reader, definition.fields, {
    version,
    flexible: isWithin(definition.flexible, version),
  });
  if (reader.remaining > 0) throw new MalformedMessageError(`${reader.remaining} bytes follow the end of the message`);
  return message;
}

function readStruct(reader: ByteReader, fields: readonly FieldDefinition[], layout: Layout): MessageValue {
  const struct: Record<string, unknown> = {};
  const tagged = new Map<number, FieldDefinition>();
  for (const field of fields) {
    const exists = isWithin(field.versions, layout.version);
    const isTagged = field.tag !== undefined && isWithin(field.tagged, layout.version);
    struct[field.name] = exists && !isTagged ? readField(reader, field, layout) : field.default;
    if (exists && isTagged && field.tag !== undefined) tagged.set(field.tag, field);
  }
  if (layout.flexible) readTagged(reader, tagged, { struct, layout });
  return struct;
}

/** Tags that we do not know come from a newer patch of the same version and are skipped, as the protocol asks. */
function readTagged(
  reader: ByteReader,
  tagged: ReadonlyMap<number, FieldDefinition>,
  target: { readonly struct: Record<string, unknown>; readonly layout: Layout },
): void {
  const count = reader.readVarint();
  for (let index = 0; index < count; index += 1) {
    const tag = reader.readVarint();
    const content = new ByteReader(reader.take(reader.readVarint()));
    const field = tagged.get(tag);
    if (field === undefined) continue;
    target.struct[field.name] = readField(content, field, target.layout);
    if (content.remaining > 0) throw new MalformedMessageError(`${content.remaining} bytes follow tag ${tag}`);
  }
}

function readField(reader: ByteReader, field: FieldDefinition, layout: Layout): unknown {
  if (field.array !== true) return readElement(reader, field, layout);
  const length = readLength(reader, layout.flexible ? 'compact' : 'int32');
  if (length === null) return nullOf(field, layout);
  // Every element takes at least one byte: a length beyond that is refused before memory is spent on it.
  if (length > reader.remaining) {
    throw new MalformedMessageError(`${field.name} announces ${length} elements, ${reader.remaining} bytes are left`);
  }
  const elements: unknown[] = [];
  for (let index = 0; index < length; index += 1) elements.push(readElement(reader, field, layout));
  return elements;
}

function readElement(reader: ByteReader, field: FieldDefinition, layout: Layout): unknown {
  switch (field.type) {
    case 'struct':
      if (field.array !== true && isWithin(field.nullable, layout.version) && reader.readInt8() < 0) return null;
      return readStruct(reader, field.fields ?? [], layout);
    case 'string': {
      const length = readLength(reader, layout.flexible ? 'compact' : 'int16');
      if (length !== null) return reader.readText(length);
      // `nullable` of an array of strings is that of the array: Kafka has no null elements.
      if (field.array === true) throw new MalformedMessageError(`an element of ${field.name} is null`);
      return nullOf(field, layout);
    }
    case 'uuid':
      return reader.readUuid();
    case 'bool':
      return reader.readInt8() !== 0;
    case 'int8':
      return reader.readInt8();
    case 'int16':
      return reader.readInt16();
    case 'uint16':
      return reader.readUint16();
    case 'int32':
      return reader.readInt32();
    case 'int64':
      return reader.readInt64();
  }
}

function readLength(reader: ByteReader, form: 'compact' | 'int16' | 'int32'): number | null {
  const length =
    form === 'compact' ? reader.readVarint() - 1 : form === 'int16' ? reader.readInt16() : reader.readInt32();
  if (length < -1) throw new MalformedMessageError(`a length is ${length}`);
  return length === -1 ? null : length;
}

function nullOf(field: FieldDefinition, layout: Layout): null {
  if (isWithin(field.nullable, layout.version)) return null;
  throw new MalformedMessageError(`${field.name} is null`);
}
