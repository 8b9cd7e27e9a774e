import { Command, CommanderError } from 'commander';
import { CommandError } from './command-error.ts';
import { adminCommands } from './commands/admin-commands.ts';
import { configCommands } from './commands/config-commands.ts';
import { debugCommands } from './commands/debug-commands.ts';
import { healthCommand } from './commands/health-command.ts';
import { hostCommands } from './commands/host-commands.ts';
import { operationsCommand } from './commands/operations-command.ts';
import { packageCommands } from './commands/package-commands.ts';
import { planCommands } from './commands/plan-commands.ts';
import { podCommands } from './commands/pod-commands.ts';
import {
  brokerCommands,
  connectionCommand,
  describeCommand,
  driftCommand,
  endpointsCommand,
  serviceCommands,
} from './commands/service-commands.ts';
import { sleepCommands } from './commands/sleep-commands.ts';
import { stateCommands } from './commands/state-commands.ts';
import { addTruthCommands, orphansCommand } from './commands/truth-commands.ts';
import { updateCommands } from './commands/update-commands.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import { printNote, type Terminal } from './terminal.ts';

/** Runs one command line, without the program's own name, and answers its exit code. */
export async function run(
  words: readonly string[],
  { terminal, version }: { readonly terminal: Terminal; readonly version: string },
): Promise<ExitCode> {
  try {
    await createProgram(terminal, version).parseAsync([...words], { from: 'user' });
    return exitCode.ok;
  } catch (error) {
    return explain(error, terminal);
  }
}

function createProgram(terminal: Terminal, version: string): Command {
  const program = new Command('warden')
    .description('Warden: Apache Kafka on Amazon ECS')
    .version(version)
    .option('--name <service>', 'the service that is meant (default: that of the profile, or kafka)')
    .option('--url <url>', 'address of the API')
    .option('--token <token>', 'token of the API')
    .option('--profile <profile>', 'profile of ~/.config/warden/config.json')
    .option('-v, --verbose', 'print each request');
  const commands = [
    packageCommands(terminal),
    updateCommands(terminal),
    planCommands(terminal),
    operationsCommand(terminal),
    connectionCommand(terminal),
    endpointsCommand(terminal),
    brokerCommands(terminal),
    addTruthCommands(podCommands(terminal), terminal),
    describeCommand(terminal),
    driftCommand(terminal),
    serviceCommands(terminal),
    ...sleepCommands(terminal),
    healthCommand(terminal),
    configCommands(terminal),
    stateCommands(terminal),
    debugCommands(terminal),
    orphansCommand(terminal),
    hostCommands(terminal),
    adminCommands(terminal),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of withAllBelow(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    });
  }
  return program;
}

function withAllBelow(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withAllBelow)];
}

function explain(error: unknown, terminal: Terminal): ExitCode {
  if (terminal.interrupted.aborted) {
    printNote(terminal, 'Interrupted. A plan that was started goes on.');
    return exitCode.interrupted;
  }
  // Commander has printed its own words; it calls help and version errors too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  if (!(error instanceof CommandError)) throw error;
  printNote(terminal, error.message);
  if (error.hint !== undefined) printNote(terminal, `${error.hint}.`);
  return error.exitCode;
}
