/** How a task goes on after its call was answered. */
export type CallPattern = 'request' | 'token' | 'sync';

/** What a Task's Resource names. `resourceType` and `resource` are the words of the history's events. */
export type TaskResource =
  | { readonly type: 'function'; readonly functionArn: string; readonly pattern: 'request' }
  | {
      readonly type: 'integration';
      readonly resourceType: string;
      readonly resource: string;
      readonly sdk: boolean;
      readonly service: string;
      readonly action: string;
      readonly pattern: CallPattern;
    };

const integrationPattern =
  /^arn:aws(?:-[a-z]+)*:states:::(aws-sdk:)?([a-z0-9]+):([A-Za-z0-9]+)(\.sync:2|\.waitForTaskToken)?$/;
const functionPattern = /^arn:aws(?:-[a-z]+)*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+(?::[A-Za-z0-9$_-]+)?$/;

const parsed = new Map<string, TaskResource | undefined>();

/** Reads a Resource; undefined when its form is not one that this interpreter runs (`.sync` without `:2` is one). */
export function parseTaskResource(resource: string): TaskResource | undefined {
  // A task's resource is looked at in each transition of its execution.
  if (!parsed.has(resource)) parsed.set(resource, readTaskResource(resource));
  return parsed.get(resource);
}

function readTaskResource(resource: string): TaskResource | undefined {
  if (functionPattern.test(resource)) return { type: 'function', functionArn: resource, pattern: 'request' };
  const match = integrationPattern.exec(resource);
  if (match === null) return undefined;
  const [, sdk, service = '', action = '', suffix = ''] = match;
  return {
    type: 'integration',
    resourceType: `${sdk ?? ''}${service}`,
    resource: `${action}${suffix}`,
    sdk: sdk !== undefined,
    service,
    action,
    pattern: patternOf(suffix),
  };
}

function patternOf(suffix: string): CallPattern {
  if (suffix === '.waitForTaskToken') return 'token';
  return suffix === '.sync:2' ? 'sync' : 'request';
}
