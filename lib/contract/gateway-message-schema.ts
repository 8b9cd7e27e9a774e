import * as z from 'zod';

/** What the HTTP API itself answers before any function of ours is asked. */
export const gatewayMessageSchema = z
  .object({ message: z.string().meta({ example: 'Unauthorized' }) })
  .meta({ id: 'GatewayMessage', description: "The gateway's own body: no problem document." });
