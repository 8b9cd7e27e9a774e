/**
 * What requests are checked by. They are the only schemas that run inside a function, hence in zod's small dialect,
 * which is a sixth of the large one; `request-words.ts` describes them for readers.
 */
import { en } from 'zod/locales';
import * as z from 'zod/mini';

// The small dialect brings no sentences of its own.
z.config(en());

/** The body of an install. */
export const installRequestSchema = z.strictObject({
  options: z.optional(z.unknown()),
  packageVersion: z.optional(z.string()),
});

const flagSchema = z.enum(['true', 'false']);

/** The query of an uninstall. */
export const uninstallQuerySchema = z.strictObject({ confirm: z.string(), keepVolumes: z.optional(flagSchema) });

/** The query of a health. */
export const healthQuerySchema = z.strictObject({ verbose: z.optional(flagSchema) });
