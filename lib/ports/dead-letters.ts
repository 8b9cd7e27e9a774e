/** What a queue of lost events holds. `undelivered`: never handed to us; `failed`: our function failed on them. */
export type LostEventKind = 'undelivered' | 'failed';

/** A message that was received and is not deleted so far. Whoever receives it keeps others from it for a while. */
export interface DeadLetter {
  /** As SQS or Lambda wrote it, which nothing holds to a form. */
  readonly body: string;
  /** Epoch milliseconds. */
  readonly sentAt: number;
  /** What deletes it. */
  readonly receipt: string;
}

export interface DeadLetterQueue {
  readonly name: string;
  readonly holds: LostEventKind;
  /** Some of what lies there, none of what was received in the last minute. Throws DeadLettersError. */
  receive(): Promise<readonly DeadLetter[]>;
  /** Idempotent. Throws DeadLettersError. */
  delete(letter: DeadLetter): Promise<void>;
}

/** The dead-letter queues of the deployment. */
export type DeadLetters = readonly DeadLetterQueue[];
