import { Command } from 'commander';
import { commandAnswerSchema } from '../../lib/contract/command-schemas.ts';
import { type HostsDocument, hostsSchema } from '../../lib/contract/host-schemas.ts';
import { openContext } from '../command-context.ts';
import { example } from '../example.ts';
import { drawTable } from '../table.ts';
import { printData, printJson, printNote, type Terminal } from '../terminal.ts';

/** `host`: the machines that nodes of all services are on. */
export function hostCommands(terminal: Terminal): Command {
  const host = new Command('host').description('look at the hosts of all services, and end one that is out of touch');
  host
    .command('list')
    .description('list the hosts that nodes are on, with the nodes of all services')
    .option('--json', "print the API's answer")
    .action(async (flags: { readonly json?: boolean }, command: Command) => {
      const { client } = await openContext(command, terminal);
      const { value } = await client.call({ method: 'GET', path: '/v1/hosts', accepts: [200], schema: hostsSchema });
      if (flags.json === true) return printJson(terminal, value);
      printData(terminal, hostsTable(value));
      for (const { instanceId, fence } of value.hosts) {
        if (fence?.refused === undefined) continue;
        const { at, why } = fence.refused;
        const words = `${at}: ${why.replace(/\.$/, '')}`;
        printNote(
          terminal,
          `EC2 refused to terminate ${instanceId} at ${words}. It is asked again every five minutes.`,
        );
      }
    });
  host
    .command('fence')
    .argument('<instance-id>', 'for example i-0123456789abcdef0')
    .description('terminate a host, so that its nodes move to another one with their volumes')
    .option('--force', 'also while nodes live there')
    .addHelpText('after', example('warden host fence i-0123456789abcdef0', 'ends every node on it, of all services'))
    .action(async (instanceId: string, flags: { readonly force?: boolean }, command: Command) => {
      const { client } = await openContext(command, terminal);
      const query = flags.force === true ? '?force=true' : '';
      const path = `/v1/hosts/${encodeURIComponent(instanceId)}/fence${query}`;
      await client.call({ method: 'POST', path, accepts: [202], schema: commandAnswerSchema });
      printData(terminal, `${instanceId} is being terminated; its nodes move once EC2 says that it has ended.`);
    });
  return host;
}

function hostsTable({ hosts }: HostsDocument): string {
  return drawTable([
    ['HOST', 'ZONE', 'STATUS', 'AGENT', 'SINCE', 'NODES', 'FENCED BY'],
    ...hosts.map(({ instanceId, zone, status, agent, since = '-', nodes, fence }) => [
      ...[instanceId, zone, status, agent, since],
      nodes.map(({ service, pod, life }) => `${service}/${pod} (${life})`).join(', '),
      fence === undefined ? '-' : `${fence.requestedBy}${fence.refused === undefined ? '' : ' (refused by EC2)'}`,
    ]),
  ]);
}
