import type { Right } from '../../core/service.ts';
import { arnIn, type RightsCall } from './call.ts';
import { passRole } from './pass-role.ts';

/** On the function. Source: Service Authorization Reference, AWS Lambda. */
export function lambdaRights(call: RightsCall): readonly Right[] | undefined {
  const { operation, input } = call;
  const name: string | undefined = input.FunctionName ?? input.Resource;
  if (name === undefined) return undefined;
  const action = `lambda:${operation === 'Invoke' ? 'InvokeFunction' : operation}`;
  const passed: Right[] = input.Role === undefined ? [] : [passRole(input.Role, 'lambda.amazonaws.com')];
  return [{ action, resource: functionArn(call, name) }, ...passed];
}

function functionArn(call: RightsCall, name: string): string {
  if (name.startsWith('arn:')) return name;
  return arnIn(call, 'lambda', `function:${name.split(':').at(-1)}`);
}
