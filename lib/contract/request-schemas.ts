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

/** The body of an update. */
export const updateRequestSchema = z.strictObject({
  options: z.optional(z.unknown()),
  replace: z.optional(z.boolean()),
  packageVersion: z.optional(z.string()),
});

const flagSchema = z.enum(['true', 'false']);

/** The query of an uninstall. */
export const uninstallQuerySchema = z.strictObject({ confirm: z.string(), keepVolumes: z.optional(flagSchema) });

/** The query of a health. */
export const healthQuerySchema = z.strictObject({ verbose: z.optional(flagSchema) });

/** The query of an update. */
export const updateQuerySchema = z.strictObject({ preview: z.optional(flagSchema) });

/** Of a command on a plan as a whole. */
export const noQuerySchema = z.strictObject({});

/** The body of a start. */
export const planParametersSchema = z.record(z.string(), z.string());

// Blank ones are refused: a script that lost a name would mean the whole plan.
// Each is one of its own, since it is described by itself.
const name = () => z.optional(z.string().check(z.regex(/\S/)));

const part = { phase: name() };

/** Of a command on a plan, a phase or a step of it. */
export const stepQuerySchema = z.strictObject({ ...part, step: name() });

// The later 1.x guides call a block a step; only one of them is given.
const blockPart = { ...part, block: name(), step: name() };

/** The same as in the 1.x guides. */
export const blocksQuerySchema = z.strictObject(blockPart);

/** The same with the command in the query. */
export const blocksCommandQuerySchema = z.strictObject({
  cmd: z.enum(['continue', 'interrupt', 'forceComplete', 'restart']),
  ...blockPart,
});

/** Names of the tasks of a pod; none stands for all of them. */
export const taskNamesSchema = z.array(z.string());

/** The body of a pause: names of tasks as in the 2.x guides, or its deadline. */
export const pauseBodySchema = z.union([
  z.array(z.string()),
  z.strictObject({ until: z.optional(z.iso.datetime({ offset: true })) }),
]);

/** The query of a pause: how long it lasts. */
export const pauseQuerySchema = z.strictObject({ for: z.optional(z.string().check(z.regex(/^(\d{1,9}[smh])+$/))) });

/** The query of a replacement of a pod. */
export const replacePodQuerySchema = z.strictObject({
  volume: z.optional(z.enum(['keep', 'discard'])),
  force: z.optional(flagSchema),
});

/** The query of a restart of a broker. */
export const replaceQuerySchema = z.strictObject({ replace: z.optional(flagSchema) });

/** The body of the word that a process is gone. */
export const stopProvenSchema = z.strictObject({ taskArn: z.string().check(z.regex(/^arn:\S+$/)) });

/** The query of the history. */
export const historyQuerySchema = z.strictObject({
  limit: z.optional(z.string().check(z.regex(/^([1-9]\d?|100)$/))),
  before: z.optional(z.string()),
});
