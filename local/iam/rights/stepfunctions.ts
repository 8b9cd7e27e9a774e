import type { Right } from '../../core/service.ts';
import { decodeTaskToken } from '../../stepfunctions/interpreter/task-token.ts';
import type { RightsCall } from './call.ts';
import { passRole } from './pass-role.ts';

/**
 * On the machine or the execution; the answer to a token on the machine that waits with it.
 * Source: Service Authorization Reference, AWS Step Functions.
 */
export function stepfunctionsRights({ operation, input }: RightsCall): readonly Right[] | undefined {
  const on = (resource: string): Right[] => [{ action: `states:${operation}`, resource }];
  switch (operation) {
    case 'SendTaskSuccess':
    case 'SendTaskFailure':
    case 'SendTaskHeartbeat': {
      const token = decodeTaskToken(input.taskToken ?? '');
      // A token that is none has no resource: the operation says InvalidToken to everyone.
      return token === undefined ? [] : on(machineOf(token.executionArn));
    }
    case 'CreateStateMachine':
      return [
        { action: 'states:CreateStateMachine', resource: '*' },
        passRole(input.roleArn ?? '', 'states.amazonaws.com'),
      ];
    case 'UpdateStateMachine':
      return [
        ...on(input.stateMachineArn ?? ''),
        ...(input.roleArn === undefined ? [] : [passRole(input.roleArn, 'states.amazonaws.com')]),
      ];
    default: {
      const arn = input.executionArn ?? input.stateMachineArn ?? input.resourceArn;
      return arn === undefined ? undefined : on(arn);
    }
  }
}

function machineOf(executionArn: string): string {
  const parts = executionArn.replace(':execution:', ':stateMachine:').split(':');
  return parts.slice(0, -1).join(':');
}
