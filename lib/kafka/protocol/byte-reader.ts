import { MalformedMessageError } from './malformed-message-error.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads Kafka's primitive types from one frame.
 * @throws MalformedMessageError where the bytes end early or make no sense; it never reads past the frame.
 */
export class ByteReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  readInt8(): number {
    return this.#bytes.readInt8(this.#advance(1));
  }

  readInt16(): number {
    return this.#bytes.readInt16BE(this.#advance(2));
  }

  readUint16(): number {
    return this.#bytes.readUInt16BE(this.#advance(2));
  }

  readInt32(): number {
    return this.#bytes.readInt32BE(this.#advance(4));
  }

  /** Offsets, sizes and times all fit a number; what does not is no real one. */
  readInt64(): number {
    const value = this.#bytes.readBigInt64BE(this.#advance(8));
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new MalformedMessageError(`the 64-bit number ${value} is out of range`);
    return number;
  }

  readVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#advance(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new MalformedMessageError('a variable-length number has more than 5 bytes');
  }

  readUuid(): string {
    return this.take(16).toString('base64url');
  }

  readText(byteCount: number): string {
    const bytes = this.take(byteCount);
    try {
      return utf8.decode(bytes);
    } catch (cause) {
      throw new MalformedMessageError('a string is not UTF-8', { cause });
    }
  }

  take(byteCount: number): Buffer {
    const start = this.#advance(byteCount);
    return this.#bytes.subarray(start, start + byteCount);
  }

  #advance(byteCount: number): number {
    if (byteCount < 0 || byteCount > this.remaining) {
      throw new MalformedMessageError(`${byteCount} bytes are announced, ${this.remaining} are left`);
    }
    const start = this.#offset;
    this.#offset += byteCount;
    return start;
  }
}
