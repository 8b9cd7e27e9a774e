import { Command } from 'commander';
import { namesSchema } from '../../lib/contract/names-schema.ts';
import { openContext } from '../command-context.ts';
import { CommandError } from '../command-error.ts';
import { parseDurationMs } from '../duration.ts';
import { exitCode } from '../exit-code.ts';
import { statusPainter } from '../paint-status.ts';
import { drawPlanTree } from '../plan-tree.ts';
import { isLively, printData, printJson, type Terminal } from '../terminal.ts';
import { readPlan, watchPlan } from '../watch-plan.ts';

interface StatusFlags {
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly timeout: number;
}

/** `plan list`, `plan status`. */
export function planCommands(terminal: Terminal): Command {
  const plan = new Command('plan').alias('plans').description('what is being done to a service');
  plan
    .command('list')
    .description('list the plans')
    .action(async (_flags: unknown, command: Command) => {
      const { client, servicePath } = await openContext(command, terminal);
      const path = servicePath('/plans');
      printJson(terminal, (await client.call({ method: 'GET', path, accepts: [200], schema: namesSchema })).value);
    });
  plan
    .command('status')
    .alias('show')
    .description('show a plan as a tree, and why its steps wait')
    .argument('[plan]', 'name or id of the plan', 'deploy')
    .option('--json', "print the API's answer")
    .option('--watch', 'draw it again until it is complete')
    .option('--timeout <duration>', 'give up watching after this time', parseDurationMs, 24 * 3_600_000)
    .action(async (name: string, flags: StatusFlags, command: Command) => showPlan({ name, flags, command }, terminal));
  return plan;
}

async function showPlan(
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
