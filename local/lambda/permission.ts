/** A function's resource policy, as GetPolicy gives it. */
export interface PolicyDocument {
  readonly Version: string;
  readonly Id: string;
  readonly Statement: readonly PolicyStatement[];
}

/** One statement, made by AddPermission. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: { readonly Service: string } | { readonly AWS: string } | '*';
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: {
    readonly ArnLike?: Readonly<Record<string, string>>;
    readonly StringEquals?: Readonly<Record<string, string>>;
  };
}

/** A service that wants to invoke a function on behalf of a resource. */
export interface InvokeRequest {
  /** For example events.amazonaws.com. */
  readonly principal: string;
  readonly sourceArn: string;
}

/** Whether a function's resource policy lets a service invoke it on behalf of the source. */
export function allowsInvoke(policy: PolicyDocument, request: InvokeRequest): boolean {
  return policy.Statement.some((statement) => isMatch(statement, request));
}

function isMatch(statement: PolicyStatement, { principal, sourceArn }: InvokeRequest): boolean {
  const { Principal, Action, Condition } = statement;
  const isPrincipal = Principal === '*' || ('Service' in Principal && Principal.Service === principal);
  const isAction = ['lambda:InvokeFunction', 'lambda:*', '*'].includes(Action);
  const pattern = Condition?.ArnLike?.['AWS:SourceArn'];
  const account = Condition?.StringEquals?.['AWS:SourceAccount'];
  return (
    isPrincipal &&
    isAction &&
    (pattern === undefined || isArnLike(pattern, sourceArn)) &&
    (account === undefined || account === sourceArn.split(':')[4])
  );
}

/** `*` and `?` match within an ARN as in IAM's ArnLike: not over the colons of its first five parts. */
function isArnLike(pattern: string, arn: string): boolean {
  const wanted = splitArn(pattern);
  const given = splitArn(arn);
  return wanted.length === given.length && wanted.every((part, i) => globToRegExp(part).test(given[i] ?? ''));
}

function splitArn(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function globToRegExp(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 's');
}
