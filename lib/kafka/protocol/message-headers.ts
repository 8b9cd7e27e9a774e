import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/** A request before it is framed. */
export interface RequestParts {
  readonly apiKey: number;
  readonly version: number;
  readonly correlationId: number;
  readonly clientId: string;
  /** Whether the request's version is flexible: its header then ends with tags, of which we send none. */
  readonly flexible: boolean;
  readonly body: Buffer;
}

/** The bytes on the wire: length, header, body. */
export function encodeRequestFrame(parts: RequestParts): Buffer {
  const header = new ByteWriter();
  header.writeInt16(parts.apiKey);
  header.writeInt16(parts.version);
  header.writeInt32(parts.correlationId);
  const clientId = Buffer.from(parts.clientId, 'utf8');
  // The client id keeps its old form in every version, so that any broker can read the header.
  header.writeInt16(clientId.length);
  header.writeBytes(clientId);
  if (parts.flexible) header.writeVarint(0);
  const headerBytes = header.toBuffer();
  const length = new ByteWriter();
  length.writeInt32(headerBytes.length + parts.body.length);
  return Buffer.concat([length.toBuffer(), headerBytes, parts.body]);
}

/**
 * The body behind the tags of a flexible response header. No tag is defined so far; a newer node's are skipped.
 * @throws MalformedMessageError
 */
export function skipHeaderTags(answer: Buffer): Buffer {
  const reader = new ByteReader(answer);
  const count = reader.readVarint();
  for (let index = 0; index < count; index += 1) {
    reader.readVarint();
    reader.take(reader.readVarint());
  }
  return reader.take(reader.remaining);
}
