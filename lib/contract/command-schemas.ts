import * as z from 'zod';
import {
  blocksCommandQuerySchema,
  blocksQuerySchema,
  noQuerySchema,
  planParametersSchema,
  stepQuerySchema,
} from './request-schemas.ts';
import type { Operation } from './route.ts';
import type { OperationSchemas } from './schemas-of-operation.ts';
import { updateAnswerSchema } from './update-schema.ts';

/** What answers a command on a plan. */
export const commandAnswerSchema = z
  .object({ message: z.string() })
  .meta({ id: 'CommandAnswer', example: { message: 'Received cmd: continue' } });

/** The same in the form of the 1.x guides. */
export const blocksCommandAnswerSchema = z
  .object({ Result: z.string() })
  .meta({ id: 'BlocksCommandAnswer', example: { Result: 'Received cmd: continue' } });

/** The answer to what starts a plan and leaves the options as they are: of a preview, or of the service as a whole. */
export const appliedSchema = updateAnswerSchema.pick({ name: true, planId: true }).meta({ id: 'Applied' });

export type CommandAnswer = z.infer<typeof commandAnswerSchema>;
export type BlocksCommandAnswer = z.infer<typeof blocksCommandAnswerSchema>;
export type Applied = z.infer<typeof appliedSchema>;

/** The answer to what has been done before; say of what in `description`. */
export const alreadySo = {
  description: 'It is so already, or complete: nothing was done',
  schema: z.string().meta({ example: 'Command has already been reported or completed' }),
  isText: true,
};

const ofPlan: OperationSchemas = {
  query: noQuerySchema,
  answers: {
    200: { description: 'It is noted, or so already', schema: commandAnswerSchema },
    208: {
      ...alreadySo,
      description: 'Of an uninstall, or of a plan that a newer one took over from: nothing was done',
    },
  },
  problems: {
    400: 'The query has a name that is not known',
    404: 'There is no such service or plan',
    501: 'Of plan recovery',
  },
};

const ofStep: OperationSchemas = {
  query: stepQuerySchema,
  answers: { 200: { description: 'It is noted', schema: commandAnswerSchema }, 208: alreadySo },
  problems: {
    400: 'A step without its phase, or a query that is not known',
    404: 'There is no such service, plan, phase or step',
    501: 'Of plan recovery',
  },
};

const ofBlocks: OperationSchemas = {
  query: blocksQuerySchema,
  answers: { 200: { description: 'It is noted', schema: blocksCommandAnswerSchema }, 208: alreadySo },
  problems: {
    400: 'A block without its phase, `block` beside `step`, or a query that is not known',
    404: 'There is no such service, phase or block',
  },
};

const ofService: OperationSchemas = {
  query: noQuerySchema,
  answers: {
    202: { description: 'The plan is under way', schema: appliedSchema, location: true },
    208: { ...alreadySo, description: 'It is so already: nothing was done' },
  },
  problems: {
    400: 'There is a query',
    404: 'There is no such service',
    409: 'The service is being uninstalled',
  },
};

/** Schemas of the commands on plans, and on a service as a whole. */
export const commandSchemas = {
  hibernateService: ofService,
  resumeService: ofService,
  startPlan: {
    ...ofPlan,
    body: planParametersSchema,
    answers: {
      ...ofPlan.answers,
      208: {
        ...alreadySo,
        description: `The preview was applied before. ${ofPlan.answers[208]?.description}`,
      },
      202: { description: 'The preview is the plan of the service now', schema: appliedSchema, location: true },
    },
    problems: {
      400: 'Parameters are given, or a query',
      404: 'There is no such service, plan or preview',
      409: 'The service was changed since the preview was made',
      413: 'The body is larger than 256 KiB',
      501: 'Of plan recovery',
    },
  },
  stopPlan: ofPlan,
  continuePlan: ofStep,
  interruptPlan: ofStep,
  forceCompletePlan: ofStep,
  restartPlan: ofStep,
  commandBlocks: { ...ofBlocks, query: blocksCommandQuerySchema },
  continueBlocks: ofBlocks,
  interruptBlocks: ofBlocks,
  forceCompleteBlocks: ofBlocks,
  restartBlocks: ofBlocks,
} as const satisfies Partial<Record<Operation, OperationSchemas>>;
