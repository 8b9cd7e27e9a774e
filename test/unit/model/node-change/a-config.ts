import { strict as assert } from 'node:assert';
import type { ServiceConfig } from '../../../../lib/model/service/config.ts';
import { resolveOptions } from '../../../../lib/model/service/resolve-options.ts';

export const versions = ['3.9.2', '4.1.2', '4.3.1'] as const;

/** The config of an options document on a version of Kafka. Ports stand for those that an install chose. */
export function config(
  document: Readonly<Record<string, object>> = {},
  version = '4.3.1',
  id = 'config',
): ServiceConfig {
  const packageVersion = `1.0.0-${version}`;
  const { brokers, controllers, ...others } = document;
  const given = { brokers: { port: 9092, ...brokers }, controllers: { port: 9093, ...controllers }, ...others };
  const resolved = resolveOptions(given, packageVersion);
  assert(resolved.type === 'resolved', JSON.stringify(resolved));
  return { id, packageVersion, options: resolved.options };
}
