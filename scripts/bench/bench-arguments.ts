import { parseArgs } from 'node:util';

/** What is measured in each round, in the order of an odd round; even rounds go the other way. */
const sides = ['bare', 'warden', 'defaults'] as const;
export type Side = (typeof sides)[number];

/** Parts of a round that cost time and can be left out; deploy and bare boot are always measured. */
const parts = ['roll', 'controllers', 'late', 'defaults', 'shell', 'gap', 'crash', 'wait', 'bundles'] as const;
export type Part = (typeof parts)[number];

/** What `npm run bench` was asked for. */
export interface BenchArguments {
  readonly rounds: number;
  readonly parts: readonly Part[];
  /** How long a plan is made to wait while its history is counted; at least two minutes show a beat of one. */
  readonly waitMinutes: number;
  /** Where the results go. */
  readonly report: string;
  readonly port: number;
  /** First two parts of the addresses of the local cloud's hosts; the bare nodes live on the next ones. */
  readonly addresses: string;
}

export const benchHelp = `npm run bench -- [options]

Measures deploys, rolls and recoveries of real brokers against bare scripts that start the same processes, side by side.

  --rounds <n>            how often each is measured, in alternating order, 1 to 20 (default 3)
  --only <part,...>       parts to measure beside the deploy: ${parts.join(', ')} (default all)
  --wait-minutes <n>      how long a plan is made to wait, 2 to 30 (default 3)
  --report <folder>       where table and JSON go (default .warden/bench)
  --port <n>              port of the local cloud; its API has the next one (default 22900)
  --addresses <127.n>     addresses of the local cloud's hosts, 127.1 to 127.254; bare nodes take 127.n+1 (default 127.86)
  --help                  this text
`;

export type ParsedArguments =
  | { readonly type: 'arguments'; readonly arguments: BenchArguments }
  | { readonly type: 'help' }
  | { readonly type: 'refused'; readonly message: string };

/** Reads the command line; every refusal says what is allowed. */
export function parseBenchArguments(argv: readonly string[], defaultReport: string): ParsedArguments {
  const values = parse(argv);
  if (typeof values === 'string') return { type: 'refused', message: values };
  if (values.help === true) return { type: 'help' };
  const rounds = Number(values.rounds ?? 3);
  const waitMinutes = Number(values['wait-minutes'] ?? 3);
  const port = Number(values.port ?? 22_900);
  const addresses = values.addresses ?? '127.86';
  const only = values.only?.split(',') ?? parts;
  const refusals = [
    refuseOutside('--rounds', rounds, { least: 1, most: 20 }),
    refuseOutside('--wait-minutes', waitMinutes, { least: 2, most: 30 }),
    refuseOutside('--port', port, { least: 1024, most: 65_534 }),
    /^127\.([1-9]\d?|1\d\d|2[0-4]\d|25[0-4])$/.test(addresses)
      ? undefined
      : `--addresses is ${addresses}: allowed are 127.1 to 127.254`,
    ...only.map((name) => (isPart(name) ? undefined : `--only ${name}: there are ${parts.join(', ')}`)),
  ].filter((refusal) => refusal !== undefined);
  if (refusals.length > 0) return { type: 'refused', message: refusals.join('\n') };
  const report = values.report ?? defaultReport;
  return {
    type: 'arguments',
    arguments: { rounds, parts: only.filter(isPart), waitMinutes, report, port, addresses },
  };
}

/** The sides of a round in its order: what the machine remembers of one must not always favour the same other. */
export function orderOf(round: number): readonly Side[] {
  return round % 2 === 1 ? sides : sides.toReversed();
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        rounds: { type: 'string' },
        only: { type: 'string' },
        'wait-minutes': { type: 'string' },
        report: { type: 'string' },
        port: { type: 'string' },
        addresses: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    // parseArgs says which option it does not know, in a sentence of its own.
    return error instanceof Error ? error.message : String(error);
  }
}

function isPart(name: string): name is Part {
  return parts.some((part) => part === name);
}

function refuseOutside(name: string, value: number, range: { least: number; most: number }): string | undefined {
  if (Number.isInteger(value) && value >= range.least && value <= range.most) return undefined;
  return `${name} is ${value}: allowed is a whole number from ${range.least} to ${range.most}`;
}
