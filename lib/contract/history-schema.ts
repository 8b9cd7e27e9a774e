import * as z from 'zod';
import type { OperationKind, OperationOutcome } from '../model/operation.ts';
import { differenceSchema } from './update-schema.ts';

const kinds = [
  'install',
  'update',
  'roll back',
  'hibernate',
  'resume',
  'uninstall',
  'continue',
  'interrupt',
  'force complete',
  'restart',
  'start',
  'stop',
  'refused update',
  'restart node',
  'replace node',
  'withdraw replacement',
  'pause node',
  'resume node',
  'reactivate node',
  'adopt node',
  'stop proven',
  'fence host',
  'keep host',
] as const satisfies readonly OperationKind[];

const outcomes = [
  'done',
  'refused',
  'pending',
  'in progress',
  'waiting',
  'delayed',
  'error',
  'complete',
  'superseded',
  'rolled back',
  'unknown',
] as const satisfies readonly OperationOutcome['type'][];

const operationSchema = z
  .object({
    id: z.string(),
    kind: z.enum(kinds),
    requestedBy: z.string().meta({ description: 'Name of the token.' }),
    requestedAt: z.iso.datetime(),
    planId: z.string().optional(),
    phase: z.string().optional().meta({ description: 'Of a command: what it was for.' }),
    step: z.string().optional(),
    pod: z.string().optional().meta({ description: 'Of a word about one node.' }),
    taskArn: z.string().optional().meta({ description: 'Of a word about one task.' }),
    instanceId: z.string().optional().meta({ description: 'Of a word about a host.' }),
    why: z.string().optional().meta({ description: 'Why Warden did it by itself.' }),
    changes: z.array(differenceSchema).optional(),
    errors: z.array(z.string()).optional().meta({ description: 'Why an update was refused.' }),
    outcome: z.enum(outcomes).meta({
      description:
        'As it is now. `done`: a command that took effect; `superseded`: a newer plan took over before it was complete; `rolled back`: that one took it back.',
    }),
    endedAt: z.iso.datetime().optional().meta({ description: 'Absent: it is not over.' }),
  })
  .meta({ id: 'Operation' });

export type OperationDocument = z.infer<typeof operationSchema>;

/** A page of the history, newest first. */
export const historySchema = z
  .object({
    operations: z.array(operationSchema),
    cursor: z.string().optional().meta({ description: '`before` of the next page; absent: this is the last one.' }),
  })
  .meta({ id: 'History' });

export type HistoryDocument = z.infer<typeof historySchema>;
