import { ServiceError } from '../../contract.ts';

/** A refusal of a service: status 400, so that the adapters do not take it for a passing fault. */
export function failure(name: string, message: string, more: Readonly<Record<string, unknown>> = {}): ServiceError {
  return new ServiceError(name, message, { $metadata: { httpStatusCode: 400 }, ...more });
}

/** What a model does not do. Nothing is ignored silently: a schedule must not pass because a request lost a part. */
export function notModelled(what: string, modelled: readonly string[]): ServiceError {
  return failure('UnsupportedOperation', `${what} is not modelled; modelled: ${modelled.join(', ')}.`);
}

/** Refuses by name each member that says something and is not modelled. */
export function onlyMembers(where: string, input: object, modelled: readonly string[]): void {
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && !modelled.includes(name)) throw notModelled(`${where}: member ${name}`, modelled);
  }
}
