/** What a verb is asked with: a JSON object from outside, not yet checked. */
export type ChaosInput = Readonly<Record<string, unknown>>;

/**
 * One disturbance that the operator of this machine can begin or end and that no call of AWS can. Answers what was done,
 * in a sentence for people.
 * @throws ChaosRefusal, or the AwsError of a call that was refused
 */
export type ChaosVerb = (input: ChaosInput) => string | Promise<string>;

/** What a part of the cloud lets the operator of this machine disturb. */
export interface Chaos {
  /** By their paths, for example task/kill. */
  readonly verbs: Readonly<Record<string, ChaosVerb>>;
  /** What is disturbed now, a line each; nothing when all is as it should be. */
  readonly show: () => readonly string[];
  /** Ends every disturbance that lasts: what was ended for good by one stays ended. Idempotent. */
  readonly calm: () => void;
}

/** A disturbance that is not begun: what was wrong with the request, or there is nothing to disturb. */
export class ChaosRefusal extends Error {
  readonly status: 400 | 404 | 409;

  constructor(message: string, status: 400 | 404 | 409 = 400) {
    super(message);
    this.name = 'ChaosRefusal';
    this.status = status;
  }
}
