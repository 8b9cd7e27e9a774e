import { createHash } from 'node:crypto';

/** An attribute of a message as the API has it. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Bytes in a request; base64 once the message is stored. */
  readonly BinaryValue?: Uint8Array | string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

export function md5(data: string | Uint8Array): string {
  return createHash('md5').update(data).digest('hex');
}

/**
 * The digest by which clients verify attributes: names, types and values in order of name, each after its length.
 * Source: Amazon SQS developer guide, calculating the MD5 message digest for message attributes.
 */
export function digestAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  return md5(Buffer.concat(names.flatMap((name) => encodeAttribute(name, attributes[name]))));
}

function encodeAttribute(name: string, attribute: MessageAttribute | undefined): Buffer[] {
  if (attribute === undefined) return [];
  const { DataType, StringValue, BinaryValue } = attribute;
  const isBinary = DataType.startsWith('Binary');
  const value = isBinary ? toBytes(BinaryValue) : Buffer.from(StringValue ?? '');
  return [
    ...withLength(Buffer.from(name)),
    ...withLength(Buffer.from(DataType)),
    Buffer.from([isBinary ? 2 : 1]),
    ...withLength(value),
  ];
}

function withLength(bytes: Buffer): Buffer[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}

function toBytes(value: Uint8Array | string | undefined): Buffer {
  return typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.from(value ?? new Uint8Array());
}
