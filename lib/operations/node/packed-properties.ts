import { gzipSync } from 'node:zlib';
import { type ServerPropertiesInput, serverProperties } from '../../model/broker/server-properties.ts';

/** server.properties of a node as it travels to its task: gzipped, in base64. */
export function packedProperties(input: ServerPropertiesInput): string {
  const lines = Object.entries(serverProperties(input)).map(([name, value]) => `${name}=${value}\n`);
  return gzipSync(lines.join('')).toString('base64');
}
