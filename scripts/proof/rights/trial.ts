import { type Installation, until } from './installation.ts';
import { PolicyEditor, type Statement } from './statements.ts';

/** One line of the table. */
export interface Finding {
  readonly statement: Statement;
  readonly operation: string;
  /** What the user saw; undefined when nothing was denied, or nothing of it was to be seen. */
  readonly saw?: string;
  readonly problem?: string;
}

interface Wanted {
  readonly role: string;
  readonly has: string;
  readonly lacks?: string;
  /** How one of its resources ends. */
  readonly on?: string;
}

/** Takes statements away, one after the other, and writes down what follows. */
export class Trial {
  readonly findings: Finding[] = [];
  readonly #installation: Installation;
  readonly #statements: readonly Statement[];
  readonly #editor: PolicyEditor;
  /** How many calls had been denied when a statement was taken away. */
  readonly #deniedBefore = new Map<Statement, number>();

  constructor(installation: Installation, statements: readonly Statement[]) {
    this.#installation = installation;
    this.#statements = statements;
    this.#editor = new PolicyEditor(installation.iam);
  }

  /** Statements without a finding yet. */
  get untried(): readonly Statement[] {
    return this.#statements.filter((statement) => !this.findings.some((finding) => finding.statement === statement));
  }

  /** @throws Error when the template has no such statement */
  find({ role, has, lacks, on = '' }: Wanted): Statement {
    const found = this.#statements.find(
      ({ role: of, actions, resources }) =>
        of === role &&
        actions.includes(has) &&
        (lacks === undefined || !actions.includes(lacks)) &&
        resources.some((arn) => arn.endsWith(on)),
    );
    if (found === undefined) throw new Error(`the role ${role} has no statement with ${has}${on}`);
    return found;
  }

  /** One resource of a statement, which names several. @throws Error when there is no such one */
  findPart(wanted: Wanted & { readonly on: string }): Statement {
    const statement = this.find(wanted);
    const part = statement.resources.find((arn) => arn.endsWith(wanted.on));
    if (part === undefined) throw new Error(`${wanted.role} names nothing that ends with ${wanted.on}`);
    return { ...statement, part };
  }

  /** The answer puts the statement back. */
  async remove(statement: Statement): Promise<() => Promise<void>> {
    this.#deniedBefore.set(statement, this.#installation.denied().length);
    await this.#editor.remove(statement);
    return () => this.#editor.putBack(statement);
  }

  /** Puts back whatever a failure left away. */
  putBackAll(): Promise<void> {
    return this.#editor.putBackAll();
  }

  /** Writes down what is seen of a removed statement's denial. */
  async check(statement: Statement, operation: string, see: () => Promise<string>): Promise<void> {
    const finding = await this.#judge(statement, operation, see);
    this.findings.push(finding);
    process.stderr.write(`${finding.problem ?? 'denied'}: ${statement.role} ${statement.actions[0]} (${operation})\n`);
  }

  /** Takes one statement away for one operation. */
  async alone(wanted: Wanted | Statement, operation: string, see: (statement: Statement) => Promise<string>) {
    const statement = 'actions' in wanted ? wanted : this.find(wanted);
    const putBack = await this.remove(statement);
    try {
      await this.check(statement, operation, () => see(statement));
    } finally {
      await putBack();
    }
  }

  async #judge(statement: Statement, operation: string, see: () => Promise<string>): Promise<Finding> {
    try {
      const saw = await see();
      await until(`a denied call of ${statement.role}`, 5, () => (this.#isDenied(statement) ? true : undefined));
      return { statement, operation, saw };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const problem = this.#isDenied(statement) ? `denied, but not shown: ${reason}` : `SUPERFLUOUS? ${reason}`;
      return { statement, operation, problem };
    }
  }

  #isDenied(statement: Statement): boolean {
    const { roleName, actions } = statement;
    return this.#installation
      .denied()
      .slice(this.#deniedBefore.get(statement) ?? 0)
      .some(({ principalArn, action }) => principalArn.includes(`/${roleName}/`) && actions.includes(action));
  }
}
