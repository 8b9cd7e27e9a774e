import * as z from 'zod';

/** A problem document. `errors` lists every part of the request that is refused. */
export const problemSchema = z
  .object({
    type: z.string().meta({ example: 'urn:warden:problem:options-refused' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().optional().meta({ description: 'Id of the request, as in the logs.' }),
    errors: z
      .array(
        z.object({
          pointer: z
            .string()
            .meta({ description: 'JSON pointer into the options document.', example: '/brokers/count' }),
          value: z.unknown().optional(),
          detail: z.string(),
          allowed: z.string().optional(),
          hint: z.string().optional(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problemSchema>;
