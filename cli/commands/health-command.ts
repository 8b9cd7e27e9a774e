import { Command } from 'commander';
import { deploymentHealthSchema, healthSchema, healthStatuses } from '../../lib/contract/health-schema.ts';
import type { Reader } from '../api-client.ts';
import { openContext } from '../command-context.ts';
import { CommandError } from '../command-error.ts';
import { example } from '../example.ts';
import { exitCode } from '../exit-code.ts';
import type { GlobalFlags } from '../settings.ts';
import { printJson, type Terminal } from '../terminal.ts';

/** `health`: prints the answer, and fails when it is 500 or above. */
export function healthCommand(terminal: Terminal): Command {
  return new Command('health')
    .description('show how a service is, as a number and with reasons; with --verbose also what is well')
    .option('--deployment', 'of all services together, with the events that got lost')
    .addHelpText(
      'after',
      example(
        'warden health --verbose',
        '200 runs, 202 is deployed, 203 and 205 recover, 208 is delayed, 500 needs you',
      ),
    )
    .action(async (flags: { readonly deployment?: boolean }, command: Command) => {
      const { client, servicePath } = await openContext(command, terminal);
      // The program's own flag: commander gives it to the program wherever it stands.
      const { verbose } = command.optsWithGlobals<GlobalFlags>();
      const question: { readonly path: string; readonly schema: Reader<{ readonly value: number }> } =
        flags.deployment === true
          ? { path: '/health', schema: deploymentHealthSchema }
          : { path: servicePath(`/health${verbose === true ? '?verbose=true' : ''}`), schema: healthSchema };
      const { value } = await client.call({ method: 'GET', ...question, accepts: healthStatuses });
      printJson(terminal, value);
      if (value.value >= 500) throw new CommandError(`The health is ${value.value}.`, { exitCode: exitCode.failed });
    });
}
