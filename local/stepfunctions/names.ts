import { AwsError } from '../core/aws-error.ts';

/** Source: Step Functions API, names: 1 to 80 characters, no blanks, brackets, wildcards, special or control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what names must not have
const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/;

/** A name of a state machine or an execution. @throws InvalidName */
export function checkName(name: string): string {
  if (name.length >= 1 && name.length <= 80 && !forbidden.test(name)) return name;
  const allowed = '1 to 80 characters are allowed, without blanks, brackets, wildcards and special characters';
  throw new AwsError('InvalidName', `Invalid Name: '${name}'; ${allowed}.`);
}

/** An ARN of a kind. @throws InvalidArn */
export function checkArn(arn: string, kind: 'stateMachine' | 'execution'): string {
  if (new RegExp(`^arn:aws(-[a-z]+)*:states:[a-z0-9-]+:\\d{12}:${kind}:.+$`, 's').test(arn)) return arn;
  throw new AwsError('InvalidArn', `Invalid Arn: '${arn}'; an ARN of a ${kind} is needed.`);
}
