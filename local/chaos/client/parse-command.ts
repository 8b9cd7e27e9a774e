import { parseArgs } from 'node:util';
import { COMMANDS, type Command, type CommandOption } from './commands.ts';
import { helpOf, overview } from './help.ts';
import { UsageError } from './usage-error.ts';

/** What a command line asks for. */
export type Wish =
  | { readonly type: 'help'; readonly text: string }
  | { readonly type: 'status'; readonly endpoint?: string }
  | { readonly type: 'verb'; readonly path: string; readonly input: object; readonly endpoint?: string };

/** @throws UsageError */
export function parseCommand(argv: readonly string[]): Wish {
  const [first, ...rest] = argv;
  if (first === undefined || first === '--help' || first === '-h') return { type: 'help', text: overview() };
  if (first !== 'chaos') throw new UsageError(`There is no command ${first}; allowed is: chaos`);
  const firstOption = rest.findIndex((word) => word.startsWith('-'));
  const words = firstOption < 0 ? rest : rest.slice(0, firstOption);
  const command = COMMANDS.find((one) => one.words.every((word, index) => words[index] === word));
  if (command === undefined && words.length === 0 && asksForHelp(rest)) return { type: 'help', text: overview() };
  if (command === undefined) throw new UsageError(`${unknownCommand(words)}\nAll of them: warden-local chaos --help`);
  return read(command, rest.slice(command.words.length));
}

function asksForHelp(rest: readonly string[]): boolean {
  return rest.length === 0 || rest.includes('--help') || rest.includes('-h');
}

function unknownCommand(words: readonly string[]): string {
  const [area] = words;
  if (area === undefined) return 'The command is missing';
  const inArea = COMMANDS.filter((command) => command.words.length > 1 && command.words[0] === area);
  const allowed = inArea.length > 0 ? inArea.map((one) => one.words[1]) : new Set(COMMANDS.map((one) => one.words[0]));
  return `There is no command chaos ${words.slice(0, inArea.length > 0 ? 2 : 1).join(' ')}; allowed are: ${[...allowed].join(', ')}`;
}

function read(command: Command, rest: readonly string[]): Wish {
  const { values, positionals } = parse(command, rest);
  if (values['help'] === true) return { type: 'help', text: helpOf(command) };
  const { operands } = command;
  if (positionals.length !== operands.length)
    throw new UsageError(
      `${positionals.length} operands are given (${positionals.join(' ') || 'none'}); allowed is: ${usageOf(command)}`,
    );
  const given = Object.fromEntries(operands.map((name, index) => [name, positionals[index]]));
  const input = Object.assign({}, given, ...command.options.map((option) => readOption(option, values[option.name])));
  const endpoint = values['endpoint'];
  const at = typeof endpoint === 'string' ? { endpoint } : {};
  if (command.words[0] === 'status') return { type: 'status', ...at };
  return { type: 'verb', path: command.words.join('/'), input, ...at };
}

function usageOf({ words, operands }: Command): string {
  return ['chaos', ...words, ...operands.map((name) => `<${name}>`)].join(' ');
}

interface Parsed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
}

function parse({ options }: Command, args: readonly string[]): Parsed {
  const own = options.map(({ name, read }) => [name, { type: read === undefined ? 'boolean' : 'string' } as const]);
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...Object.fromEntries(own), endpoint: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readOption({ name, read, member }: CommandOption, value: unknown): object {
  if (typeof value === 'string') return read?.(value, `--${name}`) ?? {};
  return value === true && member !== undefined ? { [member]: true } : {};
}
