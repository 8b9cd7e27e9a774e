import { Command } from 'commander';
import { namesSchema } from '../../lib/contract/names-schema.ts';
import { statePropertySchema, taskZonesSchema } from '../../lib/contract/state-schema.ts';
import { example } from '../example.ts';
import { printAnswer } from '../print-answer.ts';
import type { Terminal } from '../terminal.ts';

/** `state framework_id`, `properties`, `property`, `zones`, `refresh_cache`; the 2.x guides have them below `debug`. */
export function stateCommands(terminal: Terminal): Command {
  const state = new Command('state')
    .description('what is stored of a service')
    .addHelpText('after', example('warden state property kafka-0-broker:task-status'));
  state
    .command('framework_id')
    .description("print what identifies the service for life: Kafka's cluster id")
    .action(printAnswer(terminal, () => ({ path: '/state/frameworkId', schema: namesSchema })));
  state
    .command('properties')
    .description('list the names of the stored facts')
    .action(printAnswer(terminal, () => ({ path: '/state/properties', schema: namesSchema })));
  state
    .command('property')
    .description('print a stored fact')
    .argument('<name>', 'name of the fact')
    .action(
      printAnswer(terminal, (name) => ({
        path: `/state/properties/${encodeURIComponent(String(name))}`,
        schema: statePropertySchema,
      })),
    );
  state
    .command('zones')
    .description('print the zone of each task that has a host')
    .action(printAnswer(terminal, () => ({ path: '/state/zone/tasks', schema: taskZonesSchema })));
  state
    .command('refresh_cache')
    .description('not done: there is no cache')
    .action(printAnswer(terminal, () => ({ method: 'PUT', path: '/state/refresh', schema: statePropertySchema })));
  return state;
}
