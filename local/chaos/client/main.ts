#!/usr/bin/env node
import { callControl, type Outcome } from './call-control.ts';
import { parseCommand } from './parse-command.ts';
import { UsageError } from './usage-error.ts';

const EXIT_CODES: Readonly<Record<Outcome['type'] | 'usage', number>> = {
  done: 0,
  refused: 1,
  usage: 2,
  unreachable: 5,
};

async function run(argv: readonly string[]): Promise<number> {
  const wish = parseCommand(argv);
  if (wish.type === 'help') {
    process.stdout.write(wish.text);
    return EXIT_CODES.done;
  }
  const { type, text } = await callControl(wish, process.env);
  (type === 'done' ? process.stdout : process.stderr).write(`${text}\n`);
  return EXIT_CODES[type];
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = EXIT_CODES.usage;
}
