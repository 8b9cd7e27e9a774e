import { Command } from 'commander';
import { configSchema } from '../../lib/contract/config-schema.ts';
import { namesSchema } from '../../lib/contract/names-schema.ts';
import { example } from '../example.ts';
import { printAnswer } from '../print-answer.ts';
import type { Terminal } from '../terminal.ts';

/** `config list`, `show`, `target`, `target_id` of the 1.x guides; the 2.x guides have them below `debug`. */
export function configCommands(terminal: Terminal): Command {
  const config = new Command('config')
    .description('the configurations of a service')
    .addHelpText('after', example('warden config show 319ebe89-42e2-40e2-9169-8568e2421023'));
  config
    .command('list')
    .description('list the ids of all configurations, newest first')
    .action(printAnswer(terminal, () => ({ path: '/configurations', schema: namesSchema })));
  config
    .command('show')
    .description('print a configuration')
    .argument('<id>', 'id of the configuration, a UUID')
    .action(
      printAnswer(terminal, (id) => ({
        path: `/configurations/${encodeURIComponent(String(id))}`,
        schema: configSchema,
      })),
    );
  config
    .command('target')
    .description('print the configuration that the nodes are brought to')
    .action(printAnswer(terminal, () => ({ path: '/configurations/target', schema: configSchema })));
  config
    .command('target_id')
    .description('print its id')
    .action(printAnswer(terminal, () => ({ path: '/configurations/targetId', schema: namesSchema })));
  return config;
}
