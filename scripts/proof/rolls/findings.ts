/** What one chapter claims and what was seen; printed as it comes. */
export class Findings {
  readonly #claims: { readonly claim: string; readonly holds: boolean; readonly seen: string }[] = [];
  readonly #evidence: Record<string, unknown> = {};

  /** Notes whether a claim holds, beside what was seen. A claim that does not hold fails the proof, and the chapter goes on. */
  check(claim: string, holds: boolean, seen: unknown): void {
    const shown = typeof seen === 'string' ? seen : JSON.stringify(seen);
    this.#claims.push({ claim, holds, seen: shown });
    process.stdout.write(`  ${holds ? 'ok   ' : 'WRONG'} ${claim}: ${shown}\n`);
  }

  /** Keeps something for the report. */
  keep(name: string, value: unknown): void {
    this.#evidence[name] = value;
  }

  get isGood(): boolean {
    return this.#claims.every(({ holds }) => holds);
  }

  get claims(): readonly { readonly claim: string; readonly holds: boolean; readonly seen: string }[] {
    return this.#claims;
  }

  get evidence(): Readonly<Record<string, unknown>> {
    return this.#evidence;
  }
}
