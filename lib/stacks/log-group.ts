import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Props of a log group of Warden. */
export interface LogGroupOptions {
  /** Comes after `/warden/<stack>/`. */
  readonly name: string;
  /**
   * What the whole name begins with.
   * @default '/warden'
   */
  readonly root?: string;
}

/** A log group that keeps three months; readable name, removed together with the stack. */
export function createLogGroup(scope: Construct, id: string, options: LogGroupOptions): LogGroup {
  return new LogGroup(scope, id, {
    logGroupName: `${options.root ?? '/warden'}/${Stack.of(scope).stackName}/${options.name}`,
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
