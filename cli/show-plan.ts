import { type Command, Option } from 'commander';
import { openContext } from './command-context.ts';
import { CommandError } from './command-error.ts';
import { parseDurationMs } from './duration.ts';
import { exitCode } from './exit-code.ts';
import { statusPainter } from './paint-status.ts';
import { drawPlanTree } from './plan-tree.ts';
import { isLively, printData, printJson, type Terminal } from './terminal.ts';
import { readPlan, watchPlan } from './watch-plan.ts';

/** How a plan is shown. */
export interface StatusFlags {
  readonly json?: boolean;
  readonly watch?: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

/** Gives a command `--json`, `--watch` and `--timeout`. */
export function withStatus(command: Command): Command {
  return command
    .option('--json', "print the API's answer")
    .addOption(new Option('--watch', 'draw it again until it is complete').conflicts('json'))
    .addOption(
      new Option('--timeout <duration>', 'give up watching after this time')
        .argParser(parseDurationMs)
        .default(24 * 3_600_000, '24h'),
    );
}

/** Shows a plan once, or again and again until it is complete. One with errors is shown and ends the command with 1. */
export async function showPlan(
  { name, flags, command }: { readonly name: string; readonly flags: StatusFlags; readonly command: Command },
  terminal: Terminal,
): Promise<void> {
  const { client, settings } = await openContext(command, terminal);
  const service = settings.name;
  if (flags.watch === true) {
    const watch = { service, plan: name, title: name, stream: terminal.stdout, timeoutMs: flags.timeout };
    return watchPlan(client, watch, terminal);
  }
  const { status, value } = await readPlan(client, { service, plan: name });
  if (flags.json === true) printJson(terminal, value);
  else {
    const paint = statusPainter(isLively(terminal, terminal.stdout));
    printData(terminal, drawPlanTree(name, value, { nowMs: Date.now(), paint }));
  }
  if (status === 417) {
    throw new CommandError(`Plan ${name} of ${service} has errors.`, { exitCode: exitCode.failed });
  }
}
