import * as z from 'zod';

/** How clients reach the nodes of a role. */
export const endpointSchema = z
  .object({
    address: z.array(z.string()).meta({ example: ['10.0.0.211:9092'] }),
    dns: z.array(z.string()).meta({ description: 'Empty in a deployment without a private zone.' }),
  })
  .meta({ id: 'Endpoint' });

/** How clients connect. KRaft has no ZooKeeper: `controller` takes its place. */
export const connectionSchema = endpointSchema.extend({ controller: z.array(z.string()) }).meta({ id: 'Connection' });

export type EndpointDocument = z.infer<typeof endpointSchema>;
export type ConnectionDocument = z.infer<typeof connectionSchema>;
