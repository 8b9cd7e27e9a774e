import * as z from 'zod';

const amountSchema = z.object({
  name: z.string().meta({ example: 'cpus' }),
  value: z.object({ type: z.literal('SCALAR'), scalar: z.object({ value: z.number() }) }),
});

const podSpecSchema = z.object({
  type: z.string().meta({ example: 'kafka' }),
  count: z.int(),
  'task-specs': z.array(
    z.object({
      name: z.string().meta({ example: 'broker' }),
      goal: z.literal('RUNNING'),
      'resource-set': z.object({
        id: z.string(),
        'resource-specifications': z.array(amountSchema),
        'volume-specifications': z.array(amountSchema.extend({ type: z.string() })),
      }),
    }),
  ),
});

/** A configuration for the readers of both guides, and the options document that it was made from. */
export const configSchema = z
  .object({
    id: z.uuid().meta({ example: '319ebe89-42e2-40e2-9169-8568e2421023' }),
    name: z.string(),
    packageVersion: z.string(),
    'pod-specs': z.array(podSpecSchema).meta({ description: 'As in the 2.x guides.' }),
    brokerConfiguration: z
      .looseObject({ cpus: z.number(), mem: z.number(), disk: z.number() })
      .meta({ description: 'As in the 1.x guides.' }),
    kafkaConfiguration: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).meta({
      example: { 'default.replication.factor': 3, 'log.retention.hours': 100 },
      description: "Kafka's properties with their effective values: those given over Warden's defaults.",
    }),
    serviceConfiguration: z
      .looseObject({ name: z.string(), count: z.int() })
      .meta({ description: 'As in the 1.x guides; `count` is the number of brokers.' }),
    controllerConfiguration: z.looseObject({ count: z.int() }),
    options: z.looseObject({}).meta({ description: 'The resolved options; an install takes them again.' }),
  })
  .meta({
    id: 'Configuration',
    description: 'The members of the 2.x guides beside those of the 1.x guides: each reader finds its own.',
  });

export type ConfigDocument = z.infer<typeof configSchema>;
