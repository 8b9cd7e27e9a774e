import { Command } from 'commander';
import { example } from '../example.ts';
import type { Terminal } from '../terminal.ts';
import { configCommands } from './config-commands.ts';
import { debugPodCommands } from './pod-commands.ts';
import { stateCommands } from './state-commands.ts';

/** `debug config …`, `debug state …`: the spellings of the 2.x guides. */
export function debugCommands(terminal: Terminal): Command {
  return new Command('debug')
    .description('configurations, state and pods, as the 2.x guides spell them')
    .addHelpText('after', example('warden debug config target_id'))
    .addCommand(configCommands(terminal))
    .addCommand(stateCommands(terminal))
    .addCommand(debugPodCommands(terminal));
}
