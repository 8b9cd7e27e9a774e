import { sessionArn } from '../../core/act-as-role.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Caller, Cloud } from '../../core/service.ts';
import { findError, type ServiceModule } from '../../wire/operation.ts';
import { StateFailure } from '../interpreter/failure.ts';
import type { Integration } from './integration-table.ts';

/** The cloud, called as a state machine's role. */
export interface RoleCalls {
  readonly cloud: Pick<Cloud, 'call' | 'log'>;
  readonly roleArn: string;
}

/** One operation of an integrated service. */
export interface ServiceCall {
  readonly integration: Integration;
  readonly module: ServiceModule;
  readonly input: object;
}

/** Calls an operation as the machine's role. @throws StateFailure named after the service's error */
export async function callService({ cloud, roleArn }: RoleCalls, call: ServiceCall): Promise<unknown> {
  const { integration, input } = call;
  try {
    return await cloud.call(integration.service, integration.operation, input, callerOf(roleArn));
  } catch (error) {
    throw serviceFailure(call, asAwsError(error, { cloud, integration }));
  }
}

/** A session of the machine's role as the one who calls. */
export function callerOf(roleArn: string): Caller {
  return { accessKeyId: 'internal', principalArn: sessionArn(roleArn, 'StepFunctions') };
}

/** What is no AwsError is a defect of the local cloud; the execution sees it as the service's internal error. */
function asAwsError(
  error: unknown,
  { cloud, integration }: { cloud: Pick<Cloud, 'log'>; integration: Integration },
): AwsError {
  if (error instanceof AwsError) return error;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  cloud.log(`Step Functions: ${integration.service} ${integration.operation} broke: ${text}`);
  return new AwsError('InternalFailure', String(error), 500);
}

/** Source: Step Functions developer guide, error names: `<service>.<modeled error>Exception`. */
function serviceFailure({ integration, module }: ServiceCall, error: AwsError): StateFailure {
  const isModeled = findError(module, error.name) !== undefined;
  const name = isModeled ? error.name.replace(/(Exception)?$/, 'Exception') : integration.unmodeledError;
  const cause = `${error.message} (Service: ${integration.errorPrefix}, Status Code: ${error.status}, Error Code: ${error.name})`;
  return new StateFailure(`${integration.errorPrefix}.${name}`, cause);
}
