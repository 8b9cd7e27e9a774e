import * as z from 'zod';

/** What became of the protection of the stack. */
export const protectionSchema = z
  .object({
    terminationProtection: z.boolean(),
    installs: z.enum(['open', 'barred']),
    message: z.string().meta({ description: 'What can be done now.' }),
  })
  .meta({ id: 'Protection' });

export type ProtectionDocument = z.infer<typeof protectionSchema>;
