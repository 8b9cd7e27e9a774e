import { Command, InvalidArgumentError } from 'commander';
import { activeBlocksSchema } from '../../lib/contract/active-blocks-schema.ts';
import { appliedSchema, commandAnswerSchema } from '../../lib/contract/command-schemas.ts';
import { namesSchema } from '../../lib/contract/names-schema.ts';
import { openContext } from '../command-context.ts';
import { eitherOf } from '../either-of.ts';
import { example } from '../example.ts';
import { parseName } from '../parse-name.ts';
import { printAnswer } from '../print-answer.ts';
import { type StatusFlags, showPlan, withStatus } from '../show-plan.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { planSteeringCommands } from './plan-steering-commands.ts';

type Parameters = Readonly<Record<string, string>>;

/** `plan list`, `status`, `active`, `start`, `stop`, and the commands of operators. */
export function planCommands(terminal: Terminal): Command {
  const plan = new Command('plan')
    .alias('plans')
    .description('what is being done to a service')
    .addHelpText('after', example('warden plan status deploy --watch'));
  plan
    .command('list')
    .description('list the plans')
    .addHelpText('after', example('warden plan list'))
    .action(printAnswer(terminal, () => ({ path: '/plans', schema: namesSchema })));
  withStatus(plan.command('status'))
    .alias('show')
    .description('show a plan as a tree, and why its steps wait')
    .argument('[plan]', 'name or id of the plan', parseName, 'deploy')
    .addHelpText('after', example('warden plan status deploy --watch'))
    .action(async (name: string, flags: StatusFlags, command: Command) => showPlan({ name, flags, command }, terminal));
  plan
    .command('active')
    .description('print what of the deploy plan is worked on now, in the form of the 1.x guides')
    .addHelpText('after', example('warden plan active'))
    .action(printAnswer(terminal, () => ({ path: '/plan/status', schema: activeBlocksSchema })));
  plan
    .command('start')
    .description('start a plan again from its first step, or apply a preview')
    .argument('<plan>', 'name or id of the plan, or the id of a preview', parseName)
    .option('-p, --params <name=value>', 'a parameter of the plan; can be given again', addParameter)
    .addHelpText('after', example('warden plan start deploy', 'every node is restarted, one after another'))
    .action(async (name: string, { params = {} }: { readonly params?: Parameters }, command: Command) =>
      send({ name, verb: 'start', body: params, command }, terminal),
    );
  plan
    .command('stop')
    .description('interrupt a plan and set its steps back; a step at work is finished')
    .argument('<plan>', 'name or id of the plan', parseName)
    .addHelpText('after', example('warden plan stop deploy', '`plan resume` lets it begin again'))
    .action(async (name: string, _flags: unknown, command: Command) => send({ name, verb: 'stop', command }, terminal));
  for (const command of planSteeringCommands(terminal)) plan.addCommand(command);
  return plan;
}

function addParameter(text: string, given: Parameters | undefined): Parameters {
  const split = text.indexOf('=');
  if (split < 1) throw new InvalidArgumentError('Must have one variable name and one variable value per definition.');
  return { ...given, [text.slice(0, split)]: text.slice(split + 1) };
}

interface Sending {
  readonly name: string;
  readonly verb: 'start' | 'stop';
  readonly body?: Parameters;
  readonly command: Command;
}

async function send({ name, verb, body, command }: Sending, terminal: Terminal): Promise<void> {
  const { client, servicePath } = await openContext(command, terminal);
  const path = servicePath(`/plans/${encodeURIComponent(name)}/${verb}`);
  const schema = eitherOf(commandAnswerSchema, appliedSchema);
  const { value } = await client.call({ method: 'POST', path, body, accepts: [200, 202], schema });
  printJson(terminal, value);
}
