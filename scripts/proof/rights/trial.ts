import { type Installation, until } from './installation.ts';
import { removeStatement, type Statement } from './statements.ts';

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
}

/** Takes statements away, one after the other, and writes down what follows. */
export class Trial {
  readonly findings: Finding[] = [];
  readonly #installation: Installation;
  readonly #statements: readonly Statement[];
  readonly #removed = new Map<Statement, () => Promise<void>>();
  /** How many calls had been denied when a statement was taken away. */
  readonly #deniedBefore = new Map<Statement, number>();

  constructor(installation: Installation, statements: readonly Statement[]) {
    this.#installation = installation;
    this.#statements = statements;
  }

  /** Statements without a finding yet. */
  get untried(): readonly Statement[] {
    return this.#statements.filter((statement) => !this.findings.some((finding) => finding.statement === statement));
  }

  /** @throws Error when the template has no such statement */
  find({ role, has, lacks }: Wanted): Statement {
    const found = this.#statements.find(
      (one) => one.role === role && one.actions.includes(has) && (lacks === undefined || !one.actions.includes(lacks)),
    );
    if (found === undefined) throw new Error(`the role ${role} has no statement with ${has}`);
    return found;
  }

  async remove(statement: Statement): Promise<() => Promise<void>> {
    this.#deniedBefore.set(statement, this.#installation.denied().length);
    const putBack = await removeStatement(this.#installation.iam, statement);
    this.#removed.set(statement, putBack);
    return async () => {
      this.#removed.delete(statement);
      await putBack();
    };
  }

  /** Puts back whatever a failure left away. */
  async putBackAll(): Promise<void> {
    for (const putBack of this.#removed.values()) await putBack();
    this.#removed.clear();
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

  #isDenied({ roleName, actions }: Statement): boolean {
    const since =
      [...this.#deniedBefore].find(([one]) => one.roleName === roleName && one.actions === actions)?.[1] ?? 0;
    return this.#installation
      .denied()
      .slice(since)
      .some(({ principalArn, action }) => principalArn.includes(`/${roleName}/`) && actions.includes(action));
  }
}
