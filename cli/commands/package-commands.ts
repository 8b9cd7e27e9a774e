import { Argument, Command } from 'commander';
import { installAnswerSchema, uninstallAnswerSchema } from '../../lib/contract/service-schema.ts';
import { openContext } from '../command-context.ts';
import { confirmName } from '../confirm-name.ts';
import { example } from '../example.ts';
import { readOptionsFile } from '../options-file.ts';
import { printJson, printNote, type Terminal } from '../terminal.ts';
import { type WaitFlags, withWait } from '../wait-flags.ts';
import { watchPlan } from '../watch-plan.ts';

interface InstallFlags extends WaitFlags {
  readonly options?: string;
  readonly packageVersion?: string;
}

interface UninstallFlags extends WaitFlags {
  readonly appId?: string;
  readonly keepVolumes?: boolean;
  readonly yes?: boolean;
}

/** `package install`, `package uninstall`: the spellings of the guides. */
export function packageCommands(terminal: Terminal): Command {
  const group = new Command('package')
    .description('install and uninstall services')
    .addHelpText('after', example('warden package install kafka --options=options.json --wait'));
  withWait(group.command('install'))
    .description('install a Kafka service')
    .addArgument(packageName())
    .option('--options <file>', 'JSON file with options; - reads standard input')
    .option('--package-version <version>', 'version of the package; default: the newest')
    .addHelpText('after', example('warden package install kafka --options=options.json --wait'))
    .action((_package: string, flags: InstallFlags, command: Command) => install({ flags, command }, terminal));
  withWait(group.command('uninstall'))
    .description('uninstall a service and delete its data')
    .addArgument(packageName())
    .option('--app-id <name>', 'name of the service, as --name')
    .option('--keep-volumes', 'keep the volumes with the data')
    .option('--yes', 'do not ask for confirmation')
    .addHelpText('after', example('warden package uninstall kafka --app-id=kafka'))
    .action((_package: string, flags: UninstallFlags, command: Command) => uninstall({ flags, command }, terminal));
  return group;
}

function packageName(): Argument {
  return new Argument('[package]', 'the package').choices(['kafka']).default('kafka');
}

async function install(
  { flags, command }: { readonly flags: InstallFlags; readonly command: Command },
  terminal: Terminal,
): Promise<void> {
  const options = flags.options === undefined ? undefined : await readOptionsFile(flags.options, terminal);
  const { client } = await openContext(command, terminal);
  const { value } = await client.call({
    method: 'POST',
    path: '/services',
    body: { ...(options === undefined ? {} : { options }), ...versionOf(flags) },
    accepts: [202],
    schema: installAnswerSchema,
  });
  const { name, planId } = value;
  if (flags.wait !== true) {
    printNote(terminal, `Installing ${name}. Watch it with \`warden plan status deploy --watch --name=${name}\``);
  } else {
    const watch = { service: name, plan: planId, title: 'deploy', stream: terminal.stderr, timeoutMs: flags.timeout };
    await watchPlan(client, watch, terminal);
  }
  printJson(terminal, value);
}

function versionOf({ packageVersion }: InstallFlags): { readonly packageVersion?: string } {
  return packageVersion === undefined ? {} : { packageVersion };
}

async function uninstall(
  { flags, command }: { readonly flags: UninstallFlags; readonly command: Command },
  terminal: Terminal,
): Promise<void> {
  const { client, settings } = await openContext(command, terminal);
  const name = (flags.appId ?? settings.name).replace(/^\//, '');
  if (flags.yes !== true) await confirmName(terminal, { name, keepVolumes: flags.keepVolumes === true });
  const query = new URLSearchParams({ confirm: name, ...(flags.keepVolumes === true ? { keepVolumes: 'true' } : {}) });
  const { value } = await client.call({
    method: 'DELETE',
    path: `/service/${encodeURIComponent(name)}?${query}`,
    accepts: [202],
    schema: uninstallAnswerSchema,
  });
  if (flags.wait !== true) {
    printNote(terminal, `Uninstalling ${name}. Watch it with \`warden plan status deploy --watch --name=${name}\``);
  } else {
    const { planId } = value;
    const watch = { service: name, plan: planId, title: 'deploy', stream: terminal.stderr, timeoutMs: flags.timeout };
    await watchPlan(client, watch, terminal);
  }
  printJson(terminal, value);
}
