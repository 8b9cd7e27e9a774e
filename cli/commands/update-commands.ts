import { Command, InvalidArgumentError } from 'commander';
import { appliedSchema } from '../../lib/contract/command-schemas.ts';
import { isUuid } from '../../lib/contract/is-uuid.ts';
import type { Problem } from '../../lib/contract/problem-schema.ts';
import { descriptionSchema } from '../../lib/contract/service-schema.ts';
import { previewSchema, unchangedSchema, updateAnswerSchema } from '../../lib/contract/update-schema.ts';
import { alreadySo } from '../already-so.ts';
import { type CommandContext, openContext } from '../command-context.ts';
import { CommandError } from '../command-error.ts';
import { describeRefusedUpdate } from '../describe-refused-update.ts';
import { drawPreview } from '../draw-preview.ts';
import { eitherOf } from '../either-of.ts';
import { example } from '../example.ts';
import { exitCode } from '../exit-code.ts';
import { readOptionsFile } from '../options-file.ts';
import { statusPainter } from '../paint-status.ts';
import { type StatusFlags, showPlan, withStatus } from '../show-plan.ts';
import { isLively, printData, printJson, type Terminal } from '../terminal.ts';
import { type WaitFlags, withWait } from '../wait-flags.ts';
import { readPlan, watchPlan } from '../watch-plan.ts';
import { updateSteeringCommands } from './plan-steering-commands.ts';

interface AnswerFlags extends WaitFlags {
  readonly json?: boolean;
}

interface StartFlags extends AnswerFlags {
  readonly options?: string;
  readonly packageVersion?: string;
  readonly replace?: boolean;
  readonly preview?: boolean;
}

/** `update start`, `apply`, `status`, `package-versions`, and the commands of operators on plan deploy. */
export function updateCommands(terminal: Terminal): Command {
  const update = new Command('update')
    .description('change the options or the version of a service')
    .addHelpText('after', example('warden update start --options=options.json --preview'));
  withWait(update.command('start'))
    .description('change a service: defaults, then what is stored, then what is given')
    .option('--options <file>', 'JSON file with options; - reads standard input')
    .option('--package-version <version>', 'version of the package')
    .option('--replace', 'drop the stored options: what is not given gets its default')
    .option('--preview', 'change nothing; show what would be done to each node, and why')
    .option('--json', "print the API's answer")
    .addHelpText('after', example('warden update start --options=options.json --wait'))
    .action(async (flags: StartFlags, command: Command) => startUpdate({ flags, command }, terminal));
  withWait(update.command('apply'))
    .description('do what a preview has shown; refused when the service was changed since')
    .argument('<plan id>', 'the id that the preview has printed', parsePlanId)
    .option('--json', "print the API's answer")
    .addHelpText('after', example('warden update apply 5f1c2a53-6d0c-4c39-9d6b-1f8f4c1a2b3c'))
    .action(async (planId: string, flags: AnswerFlags, command: Command) =>
      applyPreview({ planId, flags, command }, terminal),
    );
  withStatus(update.command('status'))
    .alias('show')
    .description('show plan deploy as a tree, and why its steps wait')
    .addHelpText('after', example('warden update status --watch'))
    .action(async (flags: StatusFlags, command: Command) => showPlan({ name: 'deploy', flags, command }, terminal));
  update
    .command('package-versions')
    .description('list the versions that the service can be brought to')
    .addHelpText('after', example('warden update package-versions'))
    .action(async (_flags: unknown, command: Command) => showVersions(command, terminal));
  for (const command of updateSteeringCommands(terminal)) update.addCommand(command);
  return update;
}

/** A name would be no preview: `plan start deploy` does every step of that plan again. */
function parsePlanId(text: string): string {
  if (isUuid(text)) return text;
  throw new InvalidArgumentError('It must be the id that `warden update start --preview` has printed, a UUID.');
}

async function startUpdate(
  { flags, command }: { readonly flags: StartFlags; readonly command: Command },
  terminal: Terminal,
): Promise<void> {
  refuseContradictions(flags);
  const options = flags.options === undefined ? undefined : await readOptionsFile(flags.options, terminal);
  const body = {
    ...(options === undefined ? {} : { options }),
    ...(flags.replace === true ? { replace: true } : {}),
    ...(flags.packageVersion === undefined ? {} : { packageVersion: flags.packageVersion }),
  };
  const context = await openContext(command, terminal);
  if (flags.preview === true) await preview(context, body, flags);
  else await change(context, body, flags);
}

function refuseContradictions({ options, packageVersion, preview, wait }: StartFlags): void {
  if (options === undefined && packageVersion === undefined) {
    throw new CommandError('Either --options and/or --package-version must be specified', { exitCode: exitCode.usage });
  }
  if (preview === true && wait === true) {
    throw new CommandError('A preview changes nothing that --wait could wait for.', {
      exitCode: exitCode.usage,
      hint: 'Give --wait to `warden update apply`',
    });
  }
}

async function preview(context: CommandContext, body: unknown, { json }: AnswerFlags): Promise<void> {
  const { client, settings, terminal } = context;
  const { value } = await client.call({
    ...patchOf(settings.name, body),
    path: `/service/${encodeURIComponent(settings.name)}?preview=true`,
    accepts: [200],
    schema: eitherOf(previewSchema, unchangedSchema),
  });
  if (json === true) printJson(terminal, value);
  else if ('unchanged' in value) printData(terminal, nothingChanges(settings.name));
  else {
    const paint = statusPainter(isLively(terminal, terminal.stdout));
    printData(terminal, drawPreview(settings.name, value, { paint }));
  }
}

async function change(context: CommandContext, body: unknown, flags: AnswerFlags): Promise<void> {
  const { name } = context.settings;
  const schema = eitherOf(unchangedSchema, updateAnswerSchema);
  const { value } = await context.client.call({ ...patchOf(name, body), accepts: [200, 202], schema });
  const isUnchanged = 'unchanged' in value;
  await report(context, {
    answer: value,
    // Without a change there is no plan to wait for: that of an earlier one says nothing of this request.
    flags: isUnchanged ? { ...flags, wait: false } : flags,
    sentence: isUnchanged ? nothingChanges(name) : started(name),
  });
}

function patchOf(service: string, body: unknown) {
  return {
    method: 'PATCH',
    path: `/service/${encodeURIComponent(service)}`,
    body,
    describe: (problem: Problem) => describeRefusedUpdate(service, problem),
  } as const;
}

async function applyPreview(
  { planId, flags, command }: { readonly planId: string; readonly flags: AnswerFlags; readonly command: Command },
  terminal: Terminal,
): Promise<void> {
  const context = await openContext(command, terminal);
  if (await isPlan(context, planId)) {
    throw new CommandError(alreadySo, {
      exitCode: exitCode.failed,
      hint: `See it with \`warden plan status ${planId} --name=${context.settings.name}\``,
    });
  }
  const path = context.servicePath(`/plans/${encodeURIComponent(planId)}/start`);
  const { value } = await context.client.call({ method: 'POST', path, accepts: [202], schema: appliedSchema });
  await report(context, { answer: value, flags, sentence: started(context.settings.name) });
}

/** The same request for a plan that exists would do all its steps again: to repeat an apply must not restart nodes. */
async function isPlan({ client, settings }: CommandContext, plan: string): Promise<boolean> {
  try {
    await readPlan(client, { service: settings.name, plan });
    return true;
  } catch (error) {
    if (error instanceof CommandError && error.exitCode === exitCode.notFound) return false;
    throw error;
  }
}

interface Report {
  readonly answer: { readonly planId: string };
  readonly flags: AnswerFlags;
  readonly sentence: string;
}

/** Says what was begun, or shows it to its end. */
async function report(
  { client, settings, terminal }: CommandContext,
  { answer, flags, sentence }: Report,
): Promise<void> {
  const isJson = flags.json === true;
  if (flags.wait === true) {
    const place = { service: settings.name, plan: answer.planId, title: 'deploy' };
    const stream = isJson ? terminal.stderr : terminal.stdout;
    await watchPlan(client, { ...place, stream, timeoutMs: flags.timeout }, terminal);
  } else if (!isJson) printData(terminal, sentence);
  if (isJson) printJson(terminal, answer);
}

/** Source: dcos-commons, cli/queries/package.go. */
function started(service: string): string {
  return `Update started. Please use \`warden --name=${service} update status\` to view progress.`;
}

function nothingChanges(service: string): string {
  return `Nothing changes: ${service} has these options already.`;
}

/** Source: dcos-commons, cli/queries/package.go. */
async function showVersions(command: Command, terminal: Terminal): Promise<void> {
  const { client, servicePath } = await openContext(command, terminal);
  const path = servicePath('/describe');
  const { value } = await client.call({ method: 'GET', path, accepts: [200], schema: descriptionSchema });
  printData(terminal, `Current package version is: ${value.package.version}`);
  printData(terminal, versionList('downgrade', value.downgradesTo));
  printData(terminal, versionList('upgrade', value.upgradesTo));
}

function versionList(direction: string, versions: readonly string[]): string {
  if (versions.length === 0) return `No valid package ${direction} versions.`;
  return [`Package can be ${direction}d to:`, ...versions.map((version) => `- ${version}`)].join('\n');
}
