import * as z from 'zod';

/** What became of the protection of the stack. */
export const protectionSchema = z
  .object({
    terminationProtection: z.boolean(),
    installs: z.enum(['open', 'barred']),
    message: z.string().meta({ description: 'What can be done now.' }),
  })
  .meta({
    id: 'Protection',
    example: {
      terminationProtection: true,
      installs: 'open',
      message: 'cdk destroy is refused with the stack untouched; installs are open',
    },
  });

export type ProtectionDocument = z.infer<typeof protectionSchema>;
