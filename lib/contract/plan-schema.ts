import * as z from 'zod';
import type { Status } from '../model/plan/status.ts';
import type { WaitingReason } from '../model/waiting-reason.ts';

const statuses = [
  'ERROR',
  'WAITING',
  'PENDING',
  'PREPARED',
  'STARTING',
  'STARTED',
  'COMPLETE',
  'IN_PROGRESS',
  'DELAYED',
] as const satisfies readonly Status[];

const waitingTypes = [
  'turn',
  'paused',
  'operator',
  'capacity',
  'volume',
  'name',
  'task starting',
  'task stopping',
  'task refused',
  'stop not proven',
  'host out of touch',
  'table older than the world',
  'adoption',
  'discard',
  'roll safety',
  'registration',
  'controller address',
  'properties',
  'replication',
  'quorum',
  'soak',
  'failover delay',
  'deactivated',
  'error',
] as const satisfies readonly WaitingReason['type'][];

const strategySchema = z.enum(['serial', 'parallel', 'serial-canary', 'parallel-canary']);

const statusSchema = z.enum(statuses).meta({ id: 'Status', description: 'Statuses of the 2.x guides.' });

const waitingSchema = z
  .object({
    reason: z
      .looseObject({ type: z.enum(waitingTypes) })
      .meta({ description: 'The reason as data; its other members depend on the type.' }),
    sentence: z.string().meta({ description: 'The reason for people.' }),
    since: z.iso.datetime(),
  })
  .meta({ id: 'Waiting', description: 'Why a step does not go on now.' });

const lastWordsSchema = z
  .object({
    taskArn: z.string(),
    lines: z.array(z.string()).meta({
      description: 'At most ten lines, newest last, each cut at 300 characters; frames of stack traces are left out.',
    }),
    unread: z.string().optional().meta({ description: 'Why the log could not be read so far.' }),
  })
  .meta({ id: 'LastWords', description: 'How the log of a node ended whose process stopped without being asked to.' });

const stepSchema = z
  .object({
    id: z.string(),
    status: statusSchema,
    name: z.string().meta({ example: 'kafka-0:[broker]' }),
    message: z
      .string()
      .meta({ description: 'As in the 2.x guides; the last words of the process follow line by line.' }),
    waiting: waitingSchema.optional(),
    lastWords: lastWordsSchema.optional(),
  })
  .meta({ id: 'Step' });

const phaseSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    steps: z.array(stepSchema),
    strategy: strategySchema,
    status: statusSchema,
  })
  .meta({ id: 'Phase' });

const refusedUpdateSchema = z
  .object({
    errors: z
      .array(z.string())
      .meta({ description: 'Those of the errors of the plan that are of the refused update.' }),
    status: statusSchema.meta({ description: 'What the plan would be without them.' }),
  })
  .meta({
    id: 'StandingRefusal',
    description: 'The newest update was refused. Its errors stand in the plan, whose steps go on.',
  });

const takesBackSchema = z
  .object({ planId: z.string(), reason: z.string() })
  .meta({ id: 'RollBack', description: 'Of a plan that takes another one back, whose canary failed: which, and why.' });

/** A plan as the 2.x guides show it, with the reason why a step waits. */
export const planSchema = z
  .object({
    phases: z.array(phaseSchema),
    errors: z.array(z.string()),
    strategy: strategySchema,
    status: statusSchema,
    refusedUpdate: refusedUpdateSchema.optional(),
    takesBack: takesBackSchema.optional(),
    ownStatus: statusSchema.optional().meta({
      description:
        'How its own steps are, while errors stand in it that hinder none of them: of a refused update, or that it takes another plan back. Absent: as `status`.',
    }),
  })
  .meta({ id: 'Plan' });

export type PlanDocument = z.infer<typeof planSchema>;

const blockStatusSchema = z.enum(['Pending', 'InProgress', 'Waiting', 'Complete', 'Error']);

/** A plan as the 1.x guides show it. */
export const planInBlocksSchema = z
  .object({
    errors: z.array(z.string()),
    phases: z.array(
      z.object({
        blocks: z.array(
          z.object({
            has_decision_point: z.boolean(),
            id: z.string(),
            message: z.string(),
            name: z.string(),
            status: blockStatusSchema,
          }),
        ),
        id: z.string(),
        name: z.string(),
        status: blockStatusSchema,
      }),
    ),
    status: blockStatusSchema,
  })
  .meta({ id: 'PlanInBlocks' });

export type PlanInBlocks = z.infer<typeof planInBlocksSchema>;
