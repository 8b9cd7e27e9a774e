import { actAsRole } from '../../core/act-as-role.ts';
import type { Caller, Cloud } from '../../core/service.ts';

/**
 * Whose rights an operation on a stack has: those of the stack's role. Undefined without one: AWS then takes those of
 * whoever asked, which here is the operator.
 */
export async function stackCaller(
  { cloud }: { readonly cloud: Pick<Cloud, 'authorizer'> },
  roleArn: string | undefined,
): Promise<Caller | undefined> {
  if (roleArn === undefined) return undefined;
  return actAsRole(cloud, { service: 'cloudformation.amazonaws.com', roleArn, sessionName: 'AWSCloudFormation' });
}
