import type { Template } from 'aws-cdk-lib/assertions';

/**
 * Writes a value of the template as a person would: a reference becomes what it refers to (`<Api>`, `<Table>`),
 * and an ARN of this account loses its account and region (`states stateMachine:Warden-deploy`).
 */
export function spell(template: Template, value: unknown): string {
  const text = flatten(template, value);
  return text.replace(/arn:<AWS::Partition>:([a-z0-9-]+):<AWS::Region>:<AWS::AccountId>:/g, '$1 ');
}

function flatten(template: Template, value: unknown): string {
  if (typeof value === 'string') return value;
  const [[intrinsic, argument] = ['', undefined]] = Object.entries(value as Record<string, unknown>);
  if (intrinsic === 'Ref') return `<${nameOf(template, argument as string)}>`;
  if (intrinsic === 'Fn::GetAtt') return `<${nameOf(template, (argument as string[])[0] ?? '')}>`;
  if (intrinsic === 'Fn::Join') {
    return (argument as [string, unknown[]])[1].map((part) => flatten(template, part)).join('');
  }
  throw new Error(`cannot spell ${JSON.stringify(value)}`);
}

/** Functions, machines and queues by their own names, what there is one of by its type. */
function nameOf(template: Template, logicalId: string): string {
  const type: string | undefined = template.toJSON()['Resources'][logicalId]?.Type;
  if (type === undefined) return logicalId;
  const [, , resourceType = ''] = type.split('::');
  const own = /^(?:Functions|Machines|Events|DeadLetters|Hosts|Network|Api)([A-Za-z0-9]*?)[0-9A-F]{8}$/.exec(
    logicalId,
  )?.[1];
  return ['Table', 'Cluster', 'Secret', 'VPC'].includes(resourceType) ? resourceType : (own ?? logicalId);
}
