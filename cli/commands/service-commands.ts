import { Command } from 'commander';
import { connectionSchema, endpointSchema } from '../../lib/contract/endpoint-schema.ts';
import { namesSchema } from '../../lib/contract/names-schema.ts';
import { descriptionSchema, type ServiceSummary, serviceListSchema } from '../../lib/contract/service-schema.ts';
import type { Reader } from '../api-client.ts';
import { openContext } from '../command-context.ts';
import { drawTable } from '../table.ts';
import { printData, printJson, type Terminal } from '../terminal.ts';

/** `service list`. */
export function serviceCommands(terminal: Terminal): Command {
  const service = new Command('service').description('all services of the deployment');
  service
    .command('list')
    .description('list the services')
    .option('--json', "print the API's answer")
    .action(async (flags: { readonly json?: boolean }, command: Command) => {
      const { client } = await openContext(command, terminal);
      const { value } = await client.call({
        method: 'GET',
        path: '/services',
        accepts: [200],
        schema: serviceListSchema,
      });
      if (flags.json === true) printJson(terminal, value);
      else printData(terminal, serviceTable(value));
    });
  return service;
}

function serviceTable(services: readonly ServiceSummary[]): string {
  return drawTable([
    ['NAME', 'STATUS', 'VERSION', 'BROKERS', 'CONTROLLERS', 'CREATED'],
    ...services.map(({ name, status, packageVersion, brokers, controllers, createdAt }) => [
      name,
      status,
      packageVersion,
      String(brokers),
      String(controllers),
      createdAt,
    ]),
  ]);
}

/** `broker list`. */
export function brokerCommands(terminal: Terminal): Command {
  const broker = new Command('broker').description('the brokers of a service');
  broker
    .command('list')
    .description('list the ids of the brokers that serve, asked from Kafka')
    .action(printAnswer(terminal, () => ({ path: '/brokers', schema: namesSchema })));
  return broker;
}

/** `connection`. */
export function connectionCommand(terminal: Terminal): Command {
  return new Command('connection')
    .description('show what a client needs to connect')
    .action(printAnswer(terminal, () => ({ path: '/connection', schema: connectionSchema })));
}

/** `endpoints [name]`. */
export function endpointsCommand(terminal: Terminal): Command {
  return new Command('endpoints')
    .alias('endpoint')
    .description('list the endpoints, or show one')
    .argument('[endpoint]', 'broker or controller')
    .action(
      printAnswer(terminal, (endpoint) =>
        typeof endpoint === 'string'
          ? { path: `/endpoints/${encodeURIComponent(endpoint)}`, schema: endpointSchema }
          : { path: '/endpoints', schema: namesSchema },
      ),
    );
}

/** `describe`: the resolved options, to be redirected into a file of options. */
export function describeCommand(terminal: Terminal): Command {
  return new Command('describe')
    .description('print the options of a service with all defaults')
    .action(async (_flags: unknown, command: Command) => {
      const { client, servicePath } = await openContext(command, terminal);
      const path = servicePath('/describe');
      const { value } = await client.call({ method: 'GET', path, accepts: [200], schema: descriptionSchema });
      printJson(terminal, value.resolvedOptions);
    });
}

interface Question {
  /** Below the service. */
  readonly path: string;
  readonly schema: Reader<unknown>;
}

/** An action that asks one question and prints the answer. Commander hands an action its arguments, then flags and command. */
function printAnswer(terminal: Terminal, ask: (argument: unknown) => Question): (...parts: unknown[]) => Promise<void> {
  return async (...parts) => {
    const command = parts.at(-1);
    if (!(command instanceof Command)) throw new Error('commander ends the arguments of an action with its command');
    const { client, servicePath } = await openContext(command, terminal);
    const { path, schema } = ask(parts[0]);
    printJson(terminal, (await client.call({ method: 'GET', path: servicePath(path), accepts: [200], schema })).value);
  };
}
