import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';

/** One statement of one inline policy of a role of the stack. */
export interface Statement {
  /** The role's logical id without its hash, for example FunctionsApiRole. */
  readonly role: string;
  readonly roleName: string;
  readonly policyName: string;
  readonly index: number;
  readonly actions: readonly string[];
}

interface PolicyDocument {
  readonly Statement: readonly { readonly Action: string | readonly string[] }[];
}

/** All statements of the roles that the stack made, as they are deployed. */
export async function listStatements(iam: IAMClient, stackName: string): Promise<readonly Statement[]> {
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  const names = Roles.map(({ RoleName = '' }) => RoleName).filter((name) => name.startsWith(`${stackName}-`));
  const found: Statement[] = [];
  for (const roleName of names) {
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName: roleName }));
    for (const policyName of PolicyNames) {
      const document = await readPolicy(iam, { roleName, policyName });
      const role = logicalRole(roleName, stackName);
      found.push(
        ...document.Statement.map(({ Action }, index) => ({
          role,
          roleName,
          policyName,
          index,
          actions: typeof Action === 'string' ? [Action] : Action,
        })),
      );
    }
  }
  return found;
}

/** Takes a statement away; the answer puts it back. */
export async function removeStatement(iam: IAMClient, statement: Statement): Promise<() => Promise<void>> {
  const { roleName: RoleName, policyName: PolicyName, index } = statement;
  const document = await readPolicy(iam, statement);
  const put = (changed: PolicyDocument) =>
    iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: JSON.stringify(changed) }));
  const left = document.Statement.filter((_, position) => position !== index);
  if (left.length === 0) await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
  else await put({ ...document, Statement: left });
  return async () => {
    await put(document);
  };
}

async function readPolicy(
  iam: IAMClient,
  { roleName, policyName }: Pick<Statement, 'roleName' | 'policyName'>,
): Promise<PolicyDocument> {
  const answer = await iam.send(new GetRolePolicyCommand({ RoleName: roleName, PolicyName: policyName }));
  return JSON.parse(decodeURIComponent(answer.PolicyDocument ?? '')) as PolicyDocument;
}

function logicalRole(roleName: string, stackName: string): string {
  return roleName
    .slice(stackName.length + 1)
    .replace(/-[A-Z0-9]+$/, '')
    .replace(/[0-9A-F]{8}$/, '');
}
