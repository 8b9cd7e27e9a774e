import * as z from 'zod';
import { optionsJsonSchema } from './options-json-schema.ts';
import { healthQuerySchema, installRequestSchema, uninstallQuerySchema } from './request-schemas.ts';

/** Gives the schemas of requests their words in the OpenAPI document. Idempotent. */
export function describeRequests(): void {
  const { globalRegistry: words } = z;
  words.add(installRequestSchema, { id: 'InstallRequest' });
  words.add(installRequestSchema.shape.options, {
    override: optionsJsonSchema(),
    description: 'The options document.',
  });
  words.add(installRequestSchema.shape.packageVersion, { description: 'Default: the newest version.' });
  words.add(uninstallQuerySchema.shape.confirm, { description: 'The name of the service again.' });
  words.add(uninstallQuerySchema.shape.keepVolumes, { description: 'Keep the volumes. Default: false.' });
  words.add(healthQuerySchema.shape.verbose, { description: 'Also say what is well. Default: false.' });
}
