import { readDuration, readNumber, readRange, readShare } from './read-values.ts';

/** An option of a command. Without `read` it is a flag. `read` gives the members of the request that it stands for. */
export interface CommandOption {
  readonly name: string;
  readonly value?: string;
  readonly help: string;
  readonly read?: (text: string, name: string) => Readonly<Record<string, unknown>>;
  /** The member that a flag sets. */
  readonly member?: string;
}

/** A command: its words are the path of a verb of the cloud's control. */
export interface Command {
  readonly words: readonly string[];
  /** Names of the members that stand on the line without an option, in their order. */
  readonly operands: readonly string[];
  readonly options: readonly CommandOption[];
  readonly help: string;
}

const text = (name: string, help: string, value: string, member = name): CommandOption => ({
  ...{ name, value, help },
  read: (given) => ({ [member]: given }),
});
const flag = (name: string, member: string, help: string): CommandOption => ({ name, member, help });
const seconds = (name: string, help: string): CommandOption => ({
  ...{ name, value: 'time', help },
  read: (given, option) => ({ seconds: readDuration(option, given) / 1000 }),
});
const share = (name: string, help: string): CommandOption => ({
  ...{ name, value: 'share', help },
  read: (given, option) => ({ [name]: readShare(option, given) }),
});
const number = (name: string, member: string, help: string): CommandOption => ({
  ...{ name, value: 'number', help },
  read: (given, option) => ({ [member]: readNumber(option, given) }),
});

const detailType = text(
  'detail-type',
  'only events of this kind, for example "ECS Task State Change"',
  'kind',
  'detailType',
);
const container = text('container', 'only this container of the task', 'name');
const program = text('program', 'only processes of this program in it, for example java', 'name');
const skipShutdown = flag('skip-shutdown', 'skipShutdown', 'its operating system gets no time to end anything');

const command = (
  words: string,
  operands: readonly string[],
  help: string,
  options: readonly CommandOption[] = [],
): Command => ({ words: words.split(' '), operands, options, help });

/** Everything that can be asked of a running cloud, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  command('status', [], 'tells what is disturbed'),
  command('off', [], 'ends everything that lasts: faults of events, throttling, pauses, cut lines, notices'),
  command('events set', [], 'disturbs events between the services and the targets of rules', [
    detailType,
    {
      ...{ name: 'delay', value: 'time', help: 'how late they come: 30s, or 1s..30s for anything between' },
      read: (given, option) => {
        const { min, max } = readRange(option, given);
        return { minDelayMs: min, maxDelayMs: max };
      },
    },
    share('duplicate', 'how many come twice'),
    share('drop', 'how many are lost'),
    {
      ...{
        name: 'shuffle',
        value: 'time',
        help: 'holds them back in windows of this length and gives them in any order',
      },
      read: (given, option) => ({ shuffleMs: readDuration(option, given) }),
    },
    number('seed', 'seed', 'the same seed makes the same choices; 1 when absent'),
  ]),
  command('events off', [], 'lets events come as they should', [detailType]),
  command('throttle on', [], "throttles calls of ECS, EC2 and Step Functions with AWS's token buckets"),
  command('throttle set', ['service', 'operation'], 'gives one operation a bucket of its own', [
    number('burst', 'burst', 'how many calls at once'),
    number('rate', 'ratePerSecond', 'how many more each second'),
  ]),
  command('throttle off', [], 'throttles nothing'),
  command('task kill', ['task'], 'signals the main process of each container of a task', [
    text('signal', 'KILL when absent', 'name'),
    container,
    program,
  ]),
  command('task pause', ['task'], "stops the processes of a task's containers (SIGSTOP)", [container, program]),
  command('task resume', ['task'], 'lets them go on (SIGCONT)', [container, program]),
  command('agent kill', ['host'], "kills a host's agent; its tasks live on", [
    flag('for-good', 'forGood', 'it is not started again until `agent start` or until the host boots'),
  ]),
  command('agent start', ['host'], 'starts the agent of a host'),
  command('agent pause', ['host'], 'stops the agent (SIGSTOP)'),
  command('agent resume', ['host'], 'lets it go on'),
  command('agent disconnect', ['host'], 'cuts the line between an agent and ECS; its tasks live on', [
    seconds('for', 'how long; until `agent reconnect` when absent'),
  ]),
  command('agent reconnect', ['host'], 'mends the line'),
  command('image fail', ['host'], 'lets the next pulls of images by a host fail', [
    number('times', 'times', 'how many of them; 1 when absent'),
  ]),
  command('host terminate', ['host'], 'terminates the EC2 instance', [skipShutdown]),
  command('host stop', ['host'], 'stops the EC2 instance', [skipShutdown]),
  command('host start', ['host'], 'starts a stopped instance'),
  command('host reboot', ['host'], 'reboots the instance'),
  command('host power-loss', ['host'], 'ends every process of the host at once; nobody is told'),
  command('host impair', ['host'], 'lets the status check of the instance fail, and nothing else'),
  command('host heal', ['host'], 'lets it pass again'),
  command('host spot-notice', ['host'], 'warns as for a Spot instance and terminates it two minutes later', [
    seconds('after', 'how long the notice is; 2m when absent'),
  ]),
  command('zone lose', ['zone'], 'terminates all hosts of a zone at once; EC2 has no capacity there for others'),
  command('zone restore', ['zone'], 'gives it capacity again: Auto Scaling groups start their instances'),
  command('volume lose', ['volume'], 'a disk fails for good with all that is on it: EC2 calls it "error"', [
    flag('forgotten', 'forgotten', 'EC2 does not know it any more'),
  ]),
  command('host drain', ['host'], 'sets the container instance to DRAINING; tasks live on'),
  command('host activate', ['host'], 'sets it back to ACTIVE'),
  command('host deregister', ['host'], 'takes it out of its cluster by force; containers live on unmonitored'),
];
