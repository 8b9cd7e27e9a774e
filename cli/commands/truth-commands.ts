import { Command } from 'commander';
import { commandAnswerSchema } from '../../lib/contract/command-schemas.ts';
import { type OrphansDocument, orphansSchema } from '../../lib/contract/truth-schemas.ts';
import { openContext } from '../command-context.ts';
import { example } from '../example.ts';
import { drawTable } from '../table.ts';
import { printData, printJson, printNote, type Terminal } from '../terminal.ts';

/** `orphans`: what the cloud has and the table does not know. */
export function orphansCommand(terminal: Terminal): Command {
  return new Command('orphans')
    .description('list tasks and volumes that the cloud has and the table does not know, of all services')
    .option('--service', 'only of the chosen service')
    .option('--json', "print the API's answer")
    .addHelpText('after', example('warden orphans', 'nothing of them is stopped or deleted without you'))
    .action(async (flags: { readonly service?: boolean; readonly json?: boolean }, command: Command) => {
      const { client, servicePath } = await openContext(command, terminal);
      const path = flags.service === true ? servicePath('/orphans') : '/v1/orphans';
      const { value } = await client.call({ method: 'GET', path, accepts: [200], schema: orphansSchema });
      if (flags.json === true) return printJson(terminal, value);
      printData(terminal, orphansTable(value));
      for (const sentence of value.unread) printNote(terminal, sentence);
      if (value.more > 0) printNote(terminal, `There are ${value.more} more.`);
    });
}

function orphansTable({ orphans }: OrphansDocument): string {
  return drawTable([
    ['SERVICE', 'POD', 'WHAT', 'ID', 'SINCE', 'WHY', 'WHAT TO DO'],
    ...orphans.map(({ service, pod = '-', what, id, since, why, remedy }) => [
      ...[service, pod, what, id, since, why, remedy],
    ]),
  ]);
}

/** `pod adopt` and `pod stop-proven`, below the command `pod`. */
export function addTruthCommands(pod: Command, terminal: Terminal): Command {
  pod
    .command('adopt')
    .argument('<pod>', 'for example kafka-0')
    .description('make the record of a pod from what the cloud has of it, where the table is older')
    .action(async (name: string, _flags: unknown, command: Command) => {
      const { client, servicePath } = await openContext(command, terminal);
      const path = servicePath(`/pod/${encodeURIComponent(name)}/adopt`);
      await client.call({ method: 'POST', path, accepts: [202], schema: commandAnswerSchema });
      printData(terminal, `${name} is being adopted.`);
    });
  pod
    .command('stop-proven')
    .argument('<pod>', 'for example kafka-0')
    .argument('<task-arn>', 'the task that the pod waits for')
    .description('say that you have made sure that the process of a task is gone')
    .action(async (name: string, taskArn: string, _flags: unknown, command: Command) => {
      const { client, servicePath } = await openContext(command, terminal);
      const path = servicePath(`/pod/${encodeURIComponent(name)}/stop-proven`);
      const call = { method: 'POST' as const, path, body: { taskArn }, accepts: [200], schema: commandAnswerSchema };
      await client.call(call);
      printData(terminal, `The stop of ${taskArn} counts as proven.`);
    });
  return pod;
}
