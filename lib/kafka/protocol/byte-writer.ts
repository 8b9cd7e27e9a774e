import { MalformedMessageError } from './malformed-message-error.ts';

const uuidBytes = 16;

/** Writes Kafka's primitive types. A number that does not fit its type is a RangeError of Node's own. */
export class ByteWriter {
  readonly #chunks: Buffer[] = [];

  writeInt8(value: number): void {
    const chunk = Buffer.allocUnsafe(1);
    chunk.writeInt8(value);
    this.#chunks.push(chunk);
  }

  writeInt16(value: number): void {
    const chunk = Buffer.allocUnsafe(2);
    chunk.writeInt16BE(value);
    this.#chunks.push(chunk);
  }

  writeUint16(value: number): void {
    const chunk = Buffer.allocUnsafe(2);
    chunk.writeUInt16BE(value);
    this.#chunks.push(chunk);
  }

  writeInt32(value: number): void {
    const chunk = Buffer.allocUnsafe(4);
    chunk.writeInt32BE(value);
    this.#chunks.push(chunk);
  }

  writeInt64(value: number): void {
    const chunk = Buffer.allocUnsafe(8);
    chunk.writeBigInt64BE(BigInt(value));
    this.#chunks.push(chunk);
  }

  /** Seven bits a byte, the lowest first. */
  writeVarint(value: number): void {
    const bytes: number[] = [];
    let rest = value;
    while (rest > 0x7f) {
      bytes.push((rest & 0x7f) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    bytes.push(rest);
    this.#chunks.push(Buffer.from(bytes));
  }

  writeUuid(value: string): void {
    const bytes = Buffer.from(value, 'base64url');
    if (bytes.length !== uuidBytes || bytes.toString('base64url') !== value) {
      throw new MalformedMessageError(`"${value}" is no Kafka UUID: 22 characters of base64url are`);
    }
    this.#chunks.push(bytes);
  }

  writeBytes(bytes: Buffer): void {
    this.#chunks.push(bytes);
  }

  toBuffer(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
