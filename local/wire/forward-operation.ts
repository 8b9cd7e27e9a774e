import { AwsError } from '../core/aws-error.ts';
import type { LocalService } from '../core/service.ts';
import { readJson, writeJson } from './json.ts';
import { findError, type Operation, type ServiceModule } from './operation.ts';

/** An operation and the server behind its service, which speaks AWS JSON. */
export interface Forwarding {
  readonly operation: Operation;
  readonly forward: NonNullable<LocalService['forward']>;
  readonly module: ServiceModule;
}

const OPTIONS = { useJsonName: false };

/**
 * Calls an operation of a forwarded service in process: the input goes out and the output comes in by the same schemas
 * as over the wire.
 * @throws AwsError for the server's refusals
 */
export async function forwardOperation(to: Forwarding, input: unknown): Promise<unknown> {
  const { operation, forward, module } = to;
  const body = Buffer.from(JSON.stringify(writeJson(operation.input, input, OPTIONS) ?? {}));
  const answer = await forward(operation.name, body);
  const parsed: unknown = JSON.parse(answer.body.toString('utf8'));
  if (answer.status < 300) return readJson(operation.output, parsed, OPTIONS);
  throw toAwsError(parsed, answer.status, module);
}

function toAwsError(body: unknown, status: number, module: ServiceModule): AwsError {
  const { __type, message, Message, ...rest }: Record<string, unknown> = Object(body);
  const name = String(__type ?? 'InternalFailure').replace(/^.*#/, '');
  const shape = findError(module, name);
  const fields = shape === undefined ? rest : readJson(shape, rest, OPTIONS);
  return new AwsError(name, String(message ?? Message ?? ''), status, Object(fields));
}
