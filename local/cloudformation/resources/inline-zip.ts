import { crc32 } from 'node:zlib';

/** An archive of one uncompressed file, for function code that stands in a template. */
export function zipOneFile(name: string, content: string): Uint8Array {
  const file = Buffer.from(name, 'utf8');
  const data = Buffer.from(content, 'utf8');
  const facts = commonFields(data, file.length);
  const local = Buffer.concat([Buffer.from('504b0304', 'hex'), facts, file, data]);
  const attributes = Buffer.alloc(14);
  // Read for everyone in a regular file, as the upper half of the external attributes.
  attributes.writeUInt32LE(0o100644 * 0x1_0000, 6);
  const central = Buffer.concat([Buffer.from('504b01021400', 'hex'), facts, attributes, file]);
  const end = Buffer.alloc(22);
  end.writeUInt32BE(0x504b0506, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

/** What the header before a file and its entry in the directory share. */
function commonFields(data: Buffer, nameLength: number): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  // The first day that the format knows, so that equal content makes equal bytes.
  fields.writeUInt16LE(0x21, 8);
  fields.writeUInt32LE(crc32(data), 10);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(data.length, 18);
  fields.writeUInt16LE(nameLength, 22);
  return fields;
}
