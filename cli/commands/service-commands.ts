import { Command } from 'commander';
import { driftSchema } from '../../lib/contract/drift-schema.ts';
import { connectionSchema, endpointSchema } from '../../lib/contract/endpoint-schema.ts';
import { namesSchema } from '../../lib/contract/names-schema.ts';
import { descriptionSchema, type ServiceSummary, serviceListSchema } from '../../lib/contract/service-schema.ts';
import { openContext } from '../command-context.ts';
import { example } from '../example.ts';
import { printAnswer } from '../print-answer.ts';
import { drawTable } from '../table.ts';
import { printData, printJson, type Terminal } from '../terminal.ts';
import { brokerWordCommands } from './pod-commands.ts';

/** `service list`, and `services`. */
export function serviceCommands(terminal: Terminal): Command {
  const service = new Command('service')
    .alias('services')
    .description('all services of the deployment')
    .addHelpText('after', example('warden service list', 'then `--name=<service>` with any other command'));
  service
    .command('list', { isDefault: true })
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
  const broker = new Command('broker')
    .description('the brokers of a service')
    .addHelpText('after', example('warden broker list'));
  for (const command of brokerWordCommands(terminal)) broker.addCommand(command);
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
    .addHelpText('after', example('warden connection'))
    .action(printAnswer(terminal, () => ({ path: '/connection', schema: connectionSchema })));
}

/** `drift`: what an update would take back. */
export function driftCommand(terminal: Terminal): Command {
  return new Command('drift')
    .description('print dynamic configs of brokers that others have set past the options, asked from Kafka')
    .addHelpText('after', example('warden drift', 'the next plan or recovery that brings up a broker takes them back'))
    .action(printAnswer(terminal, () => ({ path: '/drift', schema: driftSchema })));
}

/** `endpoints [name]`. */
export function endpointsCommand(terminal: Terminal): Command {
  return new Command('endpoints')
    .alias('endpoint')
    .description('list the endpoints, or show one')
    .argument('[endpoint]', 'broker or controller')
    .addHelpText('after', example('warden endpoints broker'))
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
    .addHelpText('after', example('warden describe > options.json', 'a file that an update takes again'))
    .action(async (_flags: unknown, command: Command) => {
      const { client, servicePath } = await openContext(command, terminal);
      const path = servicePath('/describe');
      const { value } = await client.call({ method: 'GET', path, accepts: [200], schema: descriptionSchema });
      printJson(terminal, value.resolvedOptions);
    });
}
