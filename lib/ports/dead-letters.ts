/** A queue of events that got lost. `undelivered`: never handed to us; `failed`: our function failed on them. */
export interface DeadLetterQueue {
  readonly name: string;
  readonly holds: 'undelivered' | 'failed';
  /** As SQS counts, which is approximate while messages come and go. */
  readonly messages: number;
}

/** The dead-letter queues of the deployment. Throws DeadLettersError when they cannot be counted. */
export interface DeadLetters {
  count(): Promise<readonly DeadLetterQueue[]>;
}
