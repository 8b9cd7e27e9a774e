import { Command } from 'commander';
import { appliedSchema } from '../../lib/contract/command-schemas.ts';
import { openContext } from '../command-context.ts';
import { example } from '../example.ts';
import { printJson, printNote, type Terminal } from '../terminal.ts';
import { type WaitFlags, withWait } from '../wait-flags.ts';
import { watchPlan } from '../watch-plan.ts';

/** `hibernate` and `resume`: the whole service. One that has no effect is an error. */
export function sleepCommands(terminal: Terminal): readonly Command[] {
  return [
    sleepCommand(terminal, 'hibernate', 'Stopping').description(
      'stop all nodes of a service and leave them down; data, hosts, ports and names are kept',
    ),
    sleepCommand(terminal, 'resume', 'Starting').description('start all nodes of a service that hibernates'),
  ];
}

function sleepCommand(terminal: Terminal, word: 'hibernate' | 'resume', doing: string): Command {
  return withWait(new Command(word))
    .addHelpText('after', example(`warden ${word} --name=kafka --wait`))
    .action(async (flags: WaitFlags, command: Command) => {
      const { client, servicePath } = await openContext(command, terminal);
      const path = servicePath(`/${word}`);
      const { value } = await client.call({ method: 'POST', path, accepts: [202], schema: appliedSchema });
      const { name: service, planId: plan } = value;
      if (flags.wait !== true) {
        const watching = `warden plan status ${word} --watch --name=${service}`;
        printNote(terminal, `${doing} all nodes of ${service}. Watch it with \`${watching}\``);
      } else {
        const { stderr: stream } = terminal;
        await watchPlan(client, { service, plan, title: word, stream, timeoutMs: flags.timeout }, terminal);
      }
      printJson(terminal, value);
    });
}
