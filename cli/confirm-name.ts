import { createInterface } from 'node:readline/promises';
import { CommandError } from './command-error.ts';
import { exitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** Asks a person to type the name of what will be gone. Scripts say --yes. */
export async function confirmName(
  terminal: Terminal,
  { name, keepVolumes }: { readonly name: string; readonly keepVolumes: boolean },
): Promise<void> {
  if (terminal.stdin.isTTY !== true) {
    throw new CommandError('An uninstall wants confirmation.', {
      exitCode: exitCode.usage,
      hint: 'Give --yes in scripts',
    });
  }
  const lines = createInterface({ input: terminal.stdin, output: terminal.stderr });
  try {
    const loss = keepVolumes ? 'Its volumes are kept.' : 'Its volumes are deleted, and all data with them.';
    const typed = await lines.question(`${name} will be uninstalled. ${loss}\nType its name to go on: `, {
      signal: terminal.interrupted,
    });
    if (typed.trim() === name) return;
  } finally {
    lines.close();
  }
  throw new CommandError('The name was not repeated; nothing was done.', { exitCode: exitCode.usage });
}
