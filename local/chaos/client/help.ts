import { COMMANDS, type Command } from './commands.ts';

const INTRODUCTION = `Usage: warden-local chaos <command> [options]

Disturbs a local cloud that runs, as AWS and its machines do. Nothing is disturbed until it is asked for; faults of
events and throttling outlive a kill -9 of the cloud, and a stop in order ends everything.

<host> is an EC2 instance id or a container instance, <task> an ARN or the id in it.
`;

const ENDING = `
Options of every command:
  --endpoint <url>  of the cloud; AWS_ENDPOINT_URL (as npm start writes it to .warden/env), or
                    http://127.0.0.1:4566 when absent
  --help            what a command does

To crash the cloud itself: kill -9 <pid>, which npm start and its first line tell; npm start again resumes it.

Exit codes: 0 done, 1 refused, 2 wrong command line, 5 no cloud answers.
`;

/** What there is. */
export function overview(): string {
  const lines = COMMANDS.map((command) => [titleOf(command), command.help] as const);
  return `${INTRODUCTION}\nCommands:\n${table(lines)}${ENDING}`;
}

/** What one command does. */
export function helpOf(command: Command): string {
  const options = command.options.map(
    ({ name, value, help }) => [`--${name}${value === undefined ? '' : ` <${value}>`}`, help] as const,
  );
  const own = options.length === 0 ? '' : `\nOptions:\n${table(options)}`;
  return `Usage: warden-local chaos ${titleOf(command)} [options]\n\n${command.help}\n${own}`;
}

function titleOf({ words, operands }: Command): string {
  return [...words, ...operands.map((name) => `<${name}>`)].join(' ');
}

function table(lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([left]) => left.length)) + 2;
  return lines.map(([left, right]) => `  ${left.padEnd(width)}${right}\n`).join('');
}
