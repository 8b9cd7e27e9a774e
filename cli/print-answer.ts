import { Command } from 'commander';
import type { Reader } from './api-client.ts';
import { openContext } from './command-context.ts';
import { printJson, type Terminal } from './terminal.ts';

/** One question to the API about the chosen service. */
export interface Question {
  /** Below the service. */
  readonly path: string;
  readonly schema: Reader<unknown>;
  /** `GET` when absent. */
  readonly method?: 'PUT';
}

/** An action that asks one question and prints the answer. Commander hands an action its arguments, then flags and command. */
export function printAnswer(
  terminal: Terminal,
  ask: (argument: unknown) => Question,
): (...parts: unknown[]) => Promise<void> {
  return async (...parts) => {
    const command = parts.at(-1);
    if (!(command instanceof Command)) throw new Error('commander ends the arguments of an action with its command');
    const { client, servicePath } = await openContext(command, terminal);
    const { path, schema, method = 'GET' } = ask(parts[0]);
    printJson(terminal, (await client.call({ method, path: servicePath(path), accepts: [200], schema })).value);
  };
}
