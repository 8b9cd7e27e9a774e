import * as z from 'zod';

/** Dynamic configs that others set, or took away, past the options. */
export const driftSchema = z
  .object({
    drift: z.array(
      z.object({
        node: z.string().optional().meta({ description: 'Absent of the cluster default.', example: 'kafka-0' }),
        resource: z.enum(['broker', 'cluster default']),
        name: z.string().meta({ example: 'log.cleaner.threads' }),
        value: z
          .string()
          .optional()
          .meta({ description: '`hidden` when Kafka does not tell it. Absent of a cluster default that is not set.' }),
        expected: z.string().optional().meta({ description: 'What it is brought back to.' }),
      }),
    ),
    unasked: z.array(z.string()).meta({ description: 'Brokers that do not serve now: nothing is known of them.' }),
  })
  .meta({ id: 'Drift' });

export type DriftDocument = z.infer<typeof driftSchema>;
