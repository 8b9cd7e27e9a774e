import * as z from 'zod';

const serviceStatusSchema = z.enum([
  'DEPLOYING',
  'RUNNING',
  'RECOVERING',
  'HIBERNATING',
  'HIBERNATED',
  'UNINSTALLING',
  'UNINSTALLED',
  'ERROR',
]);

/** What a list shows of a service. */
const serviceSummarySchema = z
  .object({
    name: z.string(),
    status: serviceStatusSchema,
    packageVersion: z.string().meta({ example: '1.0.0-4.3.1' }),
    brokers: z.int(),
    controllers: z.int(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'ServiceSummary' });

/** The answer of a list of services. */
export const serviceListSchema = z.array(serviceSummarySchema);

export type ServiceSummary = z.infer<typeof serviceSummarySchema>;

const planReferenceSchema = z.object({
  id: z.string(),
  kind: z.enum(['install', 'update', 'hibernate', 'resume', 'uninstall']),
  status: z.string(),
});

/** A service that lives, or what is left of one. */
export const serviceSchema = z
  .discriminatedUnion('state', [
    serviceSummarySchema.extend({
      state: z.literal('installed'),
      clusterId: z.string(),
      configId: z.string(),
      plan: planReferenceSchema,
    }),
    z.object({
      state: z.literal('uninstalled'),
      name: z.string(),
      status: z.literal('UNINSTALLED'),
      uninstalledAt: z.iso.datetime(),
      keptVolumeIds: z.array(z.string()),
      plan: planReferenceSchema,
    }),
  ])
  .meta({ id: 'Service' });

export type ServiceDocument = z.infer<typeof serviceSchema>;

/** The answer to an accepted install. */
export const installAnswerSchema = z
  .object({ name: z.string(), planId: z.string(), configId: z.string() })
  .meta({ id: 'Installing' });

export type InstallAnswer = z.infer<typeof installAnswerSchema>;

/** The answer to an accepted uninstall. */
export const uninstallAnswerSchema = z.object({ name: z.string(), planId: z.string() }).meta({ id: 'Uninstalling' });

/** Version and options of a service. */
export const descriptionSchema = z
  .object({
    package: z.object({ name: z.literal('kafka'), version: z.string() }),
    upgradesTo: z.array(z.string()),
    downgradesTo: z.array(z.string()),
    configId: z.string(),
    resolvedOptions: z.looseObject({}),
  })
  .meta({ id: 'Description' });

export type Description = z.infer<typeof descriptionSchema>;
