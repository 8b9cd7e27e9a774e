import type { Right } from '../../core/service.ts';
import { arnIn, type RightsCall } from './call.ts';
import { passRole } from './pass-role.ts';

/** On the stack, whatever its id; a role for the stack must be one that the caller may pass. */
export function cloudformationRights(call: RightsCall): readonly Right[] | undefined {
  const { operation, input } = call;
  if (input.StackName === undefined) return undefined;
  const resource = input.StackName.startsWith('arn:')
    ? input.StackName
    : arnIn(call, 'cloudformation', `stack/${input.StackName}/*`);
  const passed: Right[] = input.RoleARN === undefined ? [] : [passRole(input.RoleARN, 'cloudformation.amazonaws.com')];
  return [{ action: `cloudformation:${operation}`, resource }, ...passed];
}
