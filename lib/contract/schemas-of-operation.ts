import type * as z from 'zod';

/** What an operation takes and answers. Path parameters follow from the path. */
export interface OperationSchemas {
  readonly query?: z.core.$ZodObject;
  readonly body?: z.core.$ZodType;
  /** Whether a request without a body is refused. */
  readonly needsBody?: boolean;
  /** The answers that are no problem documents, by status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Statuses of the problem documents, besides 500 and 503, which every operation has. */
  readonly problems: Readonly<Record<number, string>>;
}

interface Answer {
  readonly description: string;
  readonly schema: z.ZodType;
  /** Whether the answer has a Location header, with the plan's path. */
  readonly location?: boolean;
  /** Whether it is a text and no JSON. */
  readonly isText?: boolean;
}

/** Of what is asked of a service by its name. */
export const noService = { 404: 'There is no such service' };
