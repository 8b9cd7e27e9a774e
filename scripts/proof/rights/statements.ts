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
  readonly resources: readonly string[];
  /** Only this one of its resources is meant: the statement stays for the others. */
  readonly part?: string;
}

interface PolicyDocument {
  readonly Statement: readonly {
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
  }[];
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
        ...document.Statement.map(({ Action, Resource }, index) => ({
          ...{ role, roleName, policyName, index },
          ...{ actions: listOf(Action), resources: listOf(Resource) },
        })),
      );
    }
  }
  return found;
}

/** Takes statements away and puts them back, several of one policy at a time; each is known by its deployed place. */
export class PolicyEditor {
  readonly #iam: IAMClient;
  readonly #deployed = new Map<string, PolicyDocument>();
  readonly #absent = new Set<Statement>();

  constructor(iam: IAMClient) {
    this.#iam = iam;
  }

  async remove(statement: Statement): Promise<void> {
    this.#absent.add(statement);
    await this.#write(statement);
  }

  async putBack(statement: Statement): Promise<void> {
    this.#absent.delete(statement);
    await this.#write(statement);
  }

  async putBackAll(): Promise<void> {
    for (const statement of this.#absent) await this.putBack(statement);
  }

  async #write(statement: Statement): Promise<void> {
    const { roleName: RoleName, policyName: PolicyName } = statement;
    const key = `${RoleName} ${PolicyName}`;
    const deployed = this.#deployed.get(key) ?? (await readPolicy(this.#iam, statement));
    this.#deployed.set(key, deployed);
    const left = deployed.Statement.flatMap((one, index) => {
      const absent = [...this.#absent].filter(
        (other) => other.roleName === RoleName && other.policyName === PolicyName && other.index === index,
      );
      const Resource = listOf(one.Resource).filter((arn) => !absent.some(({ part = arn }) => part === arn));
      return Resource.length === 0 ? [] : [{ ...one, Resource }];
    });
    if (left.length === 0) {
      await this.#iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
      return;
    }
    const PolicyDocument = JSON.stringify({ ...deployed, Statement: left });
    await this.#iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
  }
}

function listOf(oneOrMore: string | readonly string[]): readonly string[] {
  return typeof oneOrMore === 'string' ? [oneOrMore] : oneOrMore;
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
