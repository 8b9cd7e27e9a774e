import * as z from 'zod';
import type { HealthValue } from '../model/health/health.ts';
import { healthStatus } from './health-status.ts';

const values = [200, 202, 203, 204, 205, 206, 207, 208, 500, 503] as const satisfies readonly HealthValue[];

const valueSchema = z.literal(values).meta({
  id: 'HealthValue',
  description:
    '200 running, 202 deploying, 203 recovery pending, 204 deploy pending, 205 recovery starting, 206 degraded, 207 waiting for the user, 208 delayed, 500 errors in a plan, 503 nothing is known.',
});

const reasonsSchema = z
  .array(z.string())
  .meta({ description: 'Sentences.', example: ['plan deploy is IN_PROGRESS: 2 of 6 steps are complete'] });

/** How a service is. */
export const healthSchema = z
  .object({ value: valueSchema, reasons: reasonsSchema })
  .meta({ id: 'Health', example: { value: 200, reasons: [] } });

export type HealthDocument = z.infer<typeof healthSchema>;

/** How the deployment is. */
export const deploymentHealthSchema = healthSchema
  .extend({
    services: z.array(z.object({ name: z.string(), value: valueSchema })),
    deadLetters: z
      .array(
        z.object({
          queue: z.string(),
          messages: z.int().meta({ description: 'How many cannot be taken up and stay there.' }),
          takenUp: z.int().meta({ description: 'How many the newest look that found any took up.' }),
          takenUpAt: z.iso.datetime().optional().meta({ description: 'When; absent: never.' }),
        }),
      )
      .meta({ description: 'Events that got lost, by queue, as reconcile saw it last. Empty before its first look.' }),
  })
  .meta({
    id: 'DeploymentHealth',
    example: {
      value: 206,
      reasons: ['queue Warden-Failed could not be read: DeadLettersError: …'],
      services: [{ name: 'kafka', value: 200 }],
      deadLetters: [
        { queue: 'Warden-Undelivered', messages: 0, takenUp: 3, takenUpAt: '2026-11-21T12:00:00.000Z' },
        { queue: 'Warden-Failed', messages: 0, takenUp: 0 },
      ],
    },
  });

export type DeploymentHealthDocument = z.infer<typeof deploymentHealthSchema>;

/** Every HTTP status of a health. */
export const healthStatuses: readonly number[] = [...new Set(values.map(healthStatus))];
