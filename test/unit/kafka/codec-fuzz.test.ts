import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { messageDefinitions } from '../../../lib/kafka/messages/message-definitions.ts';
import { decodeMessage } from '../../../lib/kafka/protocol/decode-message.ts';
import { encodeMessage } from '../../../lib/kafka/protocol/encode-message.ts';
import { createFrameSplitter } from '../../../lib/kafka/protocol/frame-splitter.ts';
import { MalformedMessageError } from '../../../lib/kafka/protocol/malformed-message-error.ts';
import {
  type FieldDefinition,
  isWithin,
  type MessageDefinition,
} from '../../../lib/kafka/protocol/message-definition.ts';

const definitions = Object.values(messageDefinitions).flatMap(({ request, response }) => [request, response]);

/** Any definition with any of its versions. */
const layouts = fc
  .constantFrom(...definitions)
  .chain((definition) =>
    fc
      .integer({ min: definition.versions[0], max: definition.versions[1] })
      .map((version) => ({ definition, version })),
  );

/** Bytes with many small numbers, so that lengths are often plausible. */
const plausibleBytes = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 255 })), { maxLength: 200 })
  .map((numbers) => Buffer.from(numbers));

const uuids = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((raw) => Buffer.from(raw).toString('base64url'));

function scalars(field: FieldDefinition): fc.Arbitrary<unknown> {
  switch (field.type) {
    case 'bool':
      return fc.boolean();
    case 'int8':
      return fc.integer({ min: -128, max: 127 });
    case 'int16':
      return fc.integer({ min: -32768, max: 32767 });
    case 'uint16':
      return fc.integer({ min: 0, max: 65535 });
    case 'int32':
      return fc.integer();
    case 'int64':
      return fc.maxSafeInteger();
    case 'string':
      return fc.string({ unit: 'grapheme', maxLength: 200 });
    case 'uuid':
      return uuids;
    case 'struct':
      throw new Error(`${field.name} is a struct`);
  }
}

/** Values of a field that a version can carry; what it lacks keeps its default. */
function values(field: FieldDefinition, version: number): fc.Arbitrary<unknown> {
  if (!isWithin(field.versions, version)) return fc.constant(field.default);
  const one = field.type === 'struct' ? structs(field.fields ?? [], version) : scalars(field);
  const plain = field.array === true ? fc.array(one, { maxLength: 3 }) : one;
  return isWithin(field.nullable, version) ? fc.option(plain) : plain;
}

function structs(fields: readonly FieldDefinition[], version: number): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(Object.fromEntries(fields.map((field) => [field.name, values(field, version)])), {
    noNullPrototype: true,
  });
}

const messages = layouts.chain(({ definition, version }) =>
  structs(definition.fields, version).map((message) => ({ definition, version, message })),
);

function decodeOrRefuse(definition: MessageDefinition, version: number, raw: Buffer): void {
  try {
    decodeMessage(definition, version, raw);
  } catch (error) {
    if (!(error instanceof MalformedMessageError)) throw error;
  }
}

describe('the codec', () => {
  test('reads back whatever it wrote, in every version of every message', () => {
    fc.assert(
      fc.property(messages, ({ definition, version, message }) => {
        expect(decodeMessage(definition, version, encodeMessage(definition, version, message))).toEqual(message);
      }),
      { numRuns: 500 },
    );
  });

  test('reads random bytes as a message or refuses them as malformed, nothing else', () => {
    fc.assert(
      fc.property(layouts, plausibleBytes, ({ definition, version }, raw) => decodeOrRefuse(definition, version, raw)),
      { numRuns: 3000 },
    );
  });

  test('refuses a message with one byte changed, or reads another message, nothing else', () => {
    fc.assert(
      fc.property(
        messages,
        fc.nat(),
        fc.integer({ min: 0, max: 255 }),
        ({ definition, version, message }, at, byte) => {
          const raw = encodeMessage(definition, version, message);
          if (raw.length > 0) raw[at % raw.length] = byte;
          decodeOrRefuse(definition, version, raw);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('the frame splitter', () => {
  const frames = fc.array(fc.uint8Array({ minLength: 4, maxLength: 50 }).map(Buffer.from), { maxLength: 6 });

  test('finds the same frames however the stream is cut', () => {
    fc.assert(
      fc.property(frames, fc.integer({ min: 1, max: 20 }), (sent, chunkBytes) => {
        const stream = Buffer.concat(sent.flatMap((frame) => [lengthOf(frame), frame]));
        const splitter = createFrameSplitter();
        const found: Buffer[] = [];
        for (let start = 0; start < stream.length; start += chunkBytes) {
          found.push(...splitter.push(stream.subarray(start, start + chunkBytes)));
        }
        expect(found).toEqual(sent);
      }),
    );
  });

  test('refuses a length that no frame has', () => {
    expect(() => createFrameSplitter().push(Buffer.from('HTTP/1.1 400'))).toThrow('a frame announces 1213486160 bytes');
    expect(() => createFrameSplitter().push(Buffer.from([0, 0, 0, 3]))).toThrow('a frame announces 3 bytes');
    expect(() => createFrameSplitter().push(Buffer.from([255, 0, 0, 0]))).toThrow('a frame announces -16777216 bytes');
  });

  function lengthOf(frame: Buffer): Buffer {
    const length = Buffer.alloc(4);
    length.writeInt32BE(frame.length);
    return length;
  }
});
