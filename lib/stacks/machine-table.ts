import { ArnFormat, type Stack } from 'aws-cdk-lib';

/** The state machines; each one's definition is `statemachines/<name>.asl.json`. */
export const machineNames = [
  'deploy',
  'update',
  'broker',
  'recover',
  'replace',
  'restart',
  'pause',
  'reconcile',
  'hibernate',
  'resume',
  'uninstall',
] as const;

export type MachineName = (typeof machineNames)[number];

/** `<stack>-deploy` and so on: functions and machines know each other's machines by name, so that neither needs the other to exist first. */
export function machineFullName(stack: Stack, machine: MachineName): string {
  return `${stack.stackName}-${machine}`;
}

/** The ARN that the machine has or will have, formed without a reference to it. */
export function machineArn(stack: Stack, machine: MachineName): string {
  return stack.formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: machineFullName(stack, machine),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** What each machine's ARN begins with; a machine's name follows. */
export function machineArnPrefix(stack: Stack): string {
  return stack.formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: `${stack.stackName}-`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** All executions of one machine. */
export function executionArns(stack: Stack, machine: MachineName): string {
  return stack.formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${machineFullName(stack, machine)}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
