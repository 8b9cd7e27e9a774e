import * as z from 'zod';

/** How clients reach the nodes of a role. */
export const endpointSchema = z
  .object({
    address: z.array(z.string()).meta({ example: ['10.0.0.211:9092'] }),
    dns: z.array(z.string()).meta({
      description: 'Names in the order of the addresses; empty for a service without a private zone.',
      example: ['b0.kafka.kafka.internal:9092'],
    }),
    vip: z.optional(z.string()).meta({
      description: 'One name for all brokers; only with a private zone.',
      example: 'bootstrap.kafka.kafka.internal:9092',
    }),
  })
  .meta({ id: 'Endpoint' });

/** How clients connect. KRaft has no ZooKeeper: `controller` takes its place. */
export const connectionSchema = endpointSchema.extend({ controller: z.array(z.string()) }).meta({ id: 'Connection' });

export type EndpointDocument = z.infer<typeof endpointSchema>;
export type ConnectionDocument = z.infer<typeof connectionSchema>;
