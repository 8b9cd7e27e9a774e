import { Command, InvalidArgumentError } from 'commander';
import { historySchema } from '../../lib/contract/history-schema.ts';
import { openContext } from '../command-context.ts';
import { example } from '../example.ts';
import { operationsTable } from '../operations-table.ts';
import { printData, printJson, printNote, type Terminal } from '../terminal.ts';

interface OperationsFlags {
  readonly limit: number;
  readonly before?: string;
  readonly json?: boolean;
}

/** `operations`: who asked for what, and what became of it. */
export function operationsCommand(terminal: Terminal): Command {
  return new Command('operations')
    .description('show who asked for what, newest first, and what became of it')
    .option('--limit <n>', 'how many, from 1 to 100', parseLimit, 20)
    .option('--before <cursor>', 'go on where an earlier page ended')
    .option('--json', "print the API's answer")
    .addHelpText('after', example('warden operations --limit 5'))
    .action(async (flags: OperationsFlags, command: Command) => showOperations({ flags, command }, terminal));
}

function parseLimit(text: string): number {
  if (/^([1-9]\d?|100)$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 100.');
}

async function showOperations(
  { flags, command }: { readonly flags: OperationsFlags; readonly command: Command },
  terminal: Terminal,
): Promise<void> {
  const { client, servicePath, settings } = await openContext(command, terminal);
  const { limit, before, json } = flags;
  const query = new URLSearchParams({ limit: String(limit), ...(before === undefined ? {} : { before }) });
  const path = servicePath(`/operations?${query}`);
  const { value } = await client.call({ method: 'GET', path, accepts: [200], schema: historySchema });
  if (json === true) return printJson(terminal, value);
  printData(terminal, operationsTable(value.operations));
  if (value.cursor === undefined) return;
  const next = `warden --name=${settings.name} operations --limit ${limit} --before ${value.cursor}`;
  printNote(terminal, `There are older ones: \`${next}\``);
}
