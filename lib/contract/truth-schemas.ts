import * as z from 'zod';
import { alreadySo, commandAnswerSchema } from './command-schemas.ts';
import { noQuerySchema, stopProvenSchema } from './request-schemas.ts';
import type { Operation } from './route.ts';
import type { OperationSchemas } from './schemas-of-operation.ts';

const orphanSchema = z
  .object({
    what: z.enum(['task', 'volume']),
    id: z.string().meta({ description: 'ARN of the task, id of the volume.' }),
    service: z.string().meta({ description: 'As its tags say; the table need not know it.' }),
    pod: z.string().optional(),
    why: z.string(),
    remedy: z.string().meta({ description: 'What a person can do. Warden never touches it.' }),
    since: z.iso.datetime().meta({ description: 'Since when it has been found so.' }),
  })
  .meta({ id: 'Orphan' });

/** What the newest sweep found that the table does not know. */
export const orphansSchema = z
  .object({
    lookedAt: z.iso.datetime().optional().meta({ description: 'Absent: no sweep has looked yet.' }),
    orphans: z.array(orphanSchema),
    more: z.int().meta({ description: 'How many more there are in the deployment than were kept.' }),
    unread: z.array(z.string()).meta({ description: 'What could not be looked at, and why.' }),
  })
  .meta({ id: 'Orphans' });

export type OrphansDocument = z.infer<typeof orphansSchema>;

const saidBefore = { ...alreadySo, description: 'It was said before: nothing was done' };

const listed: OperationSchemas = {
  query: noQuerySchema,
  answers: { 200: { description: 'What was found', schema: orphansSchema } },
  problems: { 400: 'There is a query' },
};

/** Schemas of the operations about what is there and not known. */
export const truthSchemas = {
  adoptPod: {
    query: noQuerySchema,
    answers: { 202: { description: 'It is under way', schema: commandAnswerSchema }, 208: saidBefore },
    problems: {
      400: 'There is a query',
      404: 'There is no such service or pod',
      409: 'The service is being uninstalled, or the table does not know it',
    },
  },
  proveStop: {
    query: noQuerySchema,
    body: stopProvenSchema,
    needsBody: true,
    answers: { 200: { description: 'It is noted', schema: commandAnswerSchema }, 208: saidBefore },
    problems: {
      400: 'The body does not name a task, or there is a query',
      404: 'There is no such service or pod',
      409: 'It is not this task that is waited for, or the service is being uninstalled',
      413: 'The body is larger than 256 KiB',
    },
  },
  listOrphans: listed,
  listOrphansOfService: listed,
} as const satisfies Partial<Record<Operation, OperationSchemas>>;
