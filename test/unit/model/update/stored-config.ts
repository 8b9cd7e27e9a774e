import type { ServiceConfig } from '../../../../lib/model/service/config.ts';
import { resolveOptions } from '../../../../lib/model/service/resolve-options.ts';

/** What an install with these options has stored, with the ports of a first service. */
export function storedConfig(document: unknown = {}, packageVersion = '1.0.0-4.3.1'): ServiceConfig {
  const resolved = resolveOptions(document, packageVersion);
  if (resolved.type === 'refused') throw new Error(JSON.stringify(resolved.refusals));
  const { options } = resolved;
  const brokers = { ...options.brokers, port: 9092 };
  const controllers = { ...options.controllers, port: 9093 };
  return { id: 'stored', packageVersion, options: { ...options, brokers, controllers } };
}
