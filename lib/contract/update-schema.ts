import * as z from 'zod';
import type { NodeChange } from '../model/plan/node-change.ts';
import { planSchema } from './plan-schema.ts';

/** The answer to an accepted update. */
export const updateAnswerSchema = z
  .object({ name: z.string(), planId: z.string(), configId: z.string() })
  .meta({ id: 'Updating' });

export type UpdateAnswer = z.infer<typeof updateAnswerSchema>;

/** The answer to an update, or to a preview of one, that would change nothing: no plan is made. */
export const unchangedSchema = z
  .object({
    name: z.string(),
    planId: z.string().meta({ description: 'The plan that the service is under, as before.' }),
    unchanged: z.literal(true),
  })
  .meta({ id: 'Unchanged' });

export type Unchanged = z.infer<typeof unchangedSchema>;

/** One option that two configurations differ in. */
export const differenceSchema = z
  .object({
    pointer: z.string().meta({
      description: 'JSON pointer into the options document, or `/packageVersion`.',
      example: '/kafka/log_retention_hours',
    }),
    before: z.unknown().optional().meta({ description: 'Absent: it was not set. Secrets are hidden.' }),
    after: z.unknown().optional().meta({ description: 'Absent: it is not set any more. Secrets are hidden.' }),
  })
  .meta({ id: 'ConfigDifference' });

const changeTypes = ['start', 'restart', 'dynamic', 'none'] as const satisfies readonly NodeChange['type'][];

const nodePreviewSchema = z
  .object({
    name: z.string().meta({ example: 'kafka-0' }),
    nodeId: z.int(),
    change: z
      .looseObject({ type: z.enum(changeTypes) })
      .meta({ description: '`restart` has `reasons`, `dynamic` has `properties`.' }),
    reasons: z.array(z.string()).meta({ description: 'The same for people.' }),
  })
  .meta({ id: 'NodePreview' });

/** What an update would do. It is kept for a week and started by its plan's id. */
export const previewSchema = z
  .object({
    planId: z.string(),
    configId: z.string(),
    plan: planSchema,
    nodes: z.array(nodePreviewSchema),
    changes: z.array(differenceSchema),
    warnings: z.array(z.string()).meta({ description: 'What clients will notice of it.' }),
  })
  .meta({ id: 'Preview' });

export type Preview = z.infer<typeof previewSchema>;
