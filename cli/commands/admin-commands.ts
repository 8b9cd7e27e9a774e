import { Command } from 'commander';
import { protectionSchema } from '../../lib/contract/admin-schema.ts';
import { openContext } from '../command-context.ts';
import { example } from '../example.ts';
import { printJson, type Terminal } from '../terminal.ts';

/** `admin allow-destroy`, `admin forbid-destroy`: whether `cdk destroy` may delete the deployment. */
export function adminCommands(terminal: Terminal): Command {
  const admin = new Command('admin')
    .description('the deployment itself')
    .addHelpText('after', example('warden admin allow-destroy && npx cdk destroy'));
  admin
    .command('allow-destroy')
    .description('allow cdk destroy, and bar installs; refused while a service exists')
    .action(async (_flags: unknown, command: Command) => steer(command, terminal, '/admin/allow-destroy'));
  admin
    .command('forbid-destroy')
    .description('refuse cdk destroy again, and open installs')
    .action(async (_flags: unknown, command: Command) => steer(command, terminal, '/admin/forbid-destroy'));
  return admin;
}

async function steer(command: Command, terminal: Terminal, path: string): Promise<void> {
  const { client } = await openContext(command, terminal);
  printJson(terminal, (await client.call({ method: 'POST', path, accepts: [200], schema: protectionSchema })).value);
}
