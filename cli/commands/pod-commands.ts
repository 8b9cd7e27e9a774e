import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { namesSchema } from '../../lib/contract/names-schema.ts';
import { podCommandAnswerSchema, podInfoSchema, podStatusSchema, podsSchema } from '../../lib/contract/pod-schemas.ts';
import type { Reader } from '../api-client.ts';
import { type CommandContext, openContext } from '../command-context.ts';
import { parseDurationMs } from '../duration.ts';
import { example } from '../example.ts';
import { parseName } from '../parse-name.ts';
import { drawPodTree } from '../pod-tree.ts';
import { printAnswer } from '../print-answer.ts';
import { printData, printJson, type Terminal } from '../terminal.ts';

type Word = 'restart' | 'replace' | 'pause' | 'resume';

const summaries: Readonly<Record<Word, string>> = {
  restart: 'restart a pod in place, under the rules of every roll',
  replace: 'have a pod start on another host, with its volume or with an empty one',
  pause: 'stop a pod and leave it down; it keeps its volume and its host',
  resume: 'bring a paused or deactivated pod back, or take a replacement of it back',
};

/** `pod list`, `status`, `info`, `restart`, `replace`, `pause`, `resume`. */
export function podCommands(terminal: Terminal): Command {
  const pod = new Command('pod')
    .alias('pods')
    .description('the nodes of a service, one by one')
    .addHelpText('after', example('warden pod restart kafka-0'));
  pod
    .command('list')
    .description('list the names of the pods')
    .action(printAnswer(terminal, () => ({ path: '/pod', schema: namesSchema })));
  pod.addCommand(statusCommand(terminal));
  pod
    .command('info')
    .description('print what is known of the task of a pod')
    .addArgument(podArgument())
    .action(printAnswer(terminal, (name) => ({ path: `${podPath(String(name))}/info`, schema: podInfoSchema })));
  for (const word of ['restart', 'replace', 'pause', 'resume'] as const) pod.addCommand(wordCommand(terminal, word));
  return pod;
}

/** `debug pod pause`, `resume`: the spellings of the 2.x guides. */
export function debugPodCommands(terminal: Terminal): Command {
  return new Command('pod')
    .description('pause and resume single pods')
    .addHelpText('after', example('warden debug pod pause kafka-0'))
    .addCommand(wordCommand(terminal, 'pause'))
    .addCommand(wordCommand(terminal, 'resume'));
}

/** `broker restart` and `replace` of the 1.x guides; `stop` and `start` of mesos/kafka, which mean a pause and its end. */
export function brokerWordCommands(terminal: Terminal): readonly Command[] {
  const restart = new Command('restart')
    .description('restart a broker in place')
    .addArgument(brokerArgument())
    .addHelpText('after', example('warden broker restart 0'))
    .action(printAnswer(terminal, (id) => ({ method: 'PUT', path: `/brokers/${String(id)}`, schema: namesSchema })));
  const replace = new Command('replace')
    .description('have a broker start on another host, with its volume')
    .addArgument(brokerArgument())
    .addHelpText('after', example('warden broker replace 0'))
    .action(
      printAnswer(terminal, (id) => ({
        ...{ method: 'PUT', path: `/brokers/${String(id)}?replace=true`, schema: namesSchema },
      })),
    );
  const stop = withDeadline(new Command('stop').description('stop a broker and leave it down: pause its pod'))
    .addArgument(brokerArgument())
    .addHelpText('after', example('warden broker stop 0 --for 30m'));
  const start = new Command('start')
    .description('start a broker that was stopped: resume its pod')
    .addArgument(brokerArgument())
    .addHelpText('after', example('warden broker start 0'));
  return [
    restart,
    replace,
    stop.action(async () =>
      say(
        await openContext(stop, terminal),
        'pause',
        wordOf(stop, (id) => `kafka-${id}`),
      ),
    ),
    start.action(async () =>
      say(
        await openContext(start, terminal),
        'resume',
        wordOf(start, (id) => `kafka-${id}`),
      ),
    ),
  ];
}

function statusCommand(terminal: Terminal): Command {
  const status = new Command('status')
    .description('show the pods and the statuses of their tasks')
    .argument('[pod]', 'name of a pod', parseName)
    .option('--json', 'print the answer of the API');
  return status.action(async () => {
    const context = await openContext(status, terminal);
    const [pod] = status.args;
    const { json } = status.opts<{ json?: boolean }>();
    if (pod === undefined) {
      const answer = await get(context, '/pod/status', podsSchema);
      return json === true ? printJson(terminal, answer) : printData(terminal, drawPodTree(answer.pods));
    }
    const answer = await get(context, `${podPath(pod)}/status`, podStatusSchema);
    return json === true ? printJson(terminal, answer) : printData(terminal, drawPodTree([], [answer]));
  });
}

function wordCommand(terminal: Terminal, word: Word): Command {
  const command = new Command(word).description(summaries[word]).addArgument(podArgument());
  if (word === 'pause') withDeadline(command);
  if (word === 'replace') withVolume(command);
  if (word === 'pause' || word === 'resume') {
    command.addOption(
      new Option('-t, --tasks <task>', 'a task of the pod; it has one').argParser(
        (task: string, before: readonly string[] | undefined) => [...(before ?? []), parseName(task)],
      ),
    );
  }
  return command.action(async () =>
    say(
      await openContext(command, terminal),
      word,
      wordOf(command, (pod) => pod),
    ),
  );
}

interface SaidWord {
  readonly pod: string;
  /** Of the request, without its question mark. */
  readonly query: string;
  readonly tasks?: readonly string[];
}

function wordOf(command: Command, podOf: (argument: string) => string): SaidWord {
  const { for: lastsMs, discard, force, tasks } = command.opts<WordOptions>();
  const [argument = ''] = command.args;
  const query = [
    // By the API's clock, which decides when it is over.
    ...(lastsMs === undefined ? [] : [`for=${Math.ceil(lastsMs / 1000)}s`]),
    ...(discard === true ? ['volume=discard'] : []),
    ...(force === true ? ['force=true'] : []),
  ];
  return { pod: podOf(argument), query: query.join('&'), ...(tasks === undefined ? {} : { tasks }) };
}

interface WordOptions {
  readonly for?: number;
  readonly discard?: boolean;
  readonly force?: boolean;
  readonly tasks?: readonly string[];
}

async function say({ client, servicePath, terminal }: CommandContext, word: Word, said: SaidWord): Promise<void> {
  const { pod, query, tasks } = said;
  const path = servicePath(`${podPath(pod)}/${word}${query === '' ? '' : `?${query}`}`);
  const body = tasks === undefined ? {} : { body: tasks };
  const { value } = await client.call({
    method: 'POST',
    path,
    ...body,
    accepts: [200],
    schema: podCommandAnswerSchema,
  });
  printJson(terminal, value);
}

async function get<Value>(
  { client, servicePath }: CommandContext,
  path: string,
  schema: Reader<Value>,
): Promise<Value> {
  return (await client.call({ method: 'GET', path: servicePath(path), accepts: [200], schema })).value;
}

function withDeadline(command: Command): Command {
  return command.addOption(
    new Option('--for <time>', 'how long, like 30m; without it until it is resumed').argParser(parseDurationMs),
  );
}

function withVolume(command: Command): Command {
  return command
    .addOption(
      new Option('--discard', 'go on with an empty volume; the old one is deleted once all is replicated anew'),
    )
    .addOption(new Option('--force', 'with --discard: also lose what no other broker has in sync'));
}

function podPath(pod: string): string {
  return `/pod/${encodeURIComponent(pod)}`;
}

function podArgument(): Argument {
  return new Argument('<pod>', 'name of a pod, for example kafka-0').argParser(parseName);
}

function brokerArgument(): Argument {
  return new Argument('<id>', 'id of a broker').argParser((id: string) => {
    if (/^\d{1,9}$/.test(id)) return id;
    throw new InvalidArgumentError('It must be the number of a broker.');
  });
}
