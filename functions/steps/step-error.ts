/** The machine runs the state again after its interval. */
export class NotReady extends Error {
  override readonly name = 'NotReady';
}

/** An end of a step that a Catch of the machine names. */
export class StepFailure extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}
