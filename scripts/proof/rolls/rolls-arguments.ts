import { parseArgs } from 'node:util';

/** What `npm run prove:rolls` or `prove:heals` was asked for. */
export interface RollsArguments {
  /** Names of the chapters to tell, in the order of the proof. */
  readonly only: readonly string[];
  /** How long the chapter `throttled` holds a replica back. */
  readonly minutes: number;
  /** The installation to use again; absent for a new one in a temporary folder. */
  readonly data?: string;
  /** Where the results go. */
  readonly report: string;
  readonly port: number;
  /** First two parts of the addresses of the local cloud's hosts. */
  readonly addresses: string;
  /** Whether the installation is left running. */
  readonly keep: boolean;
}

export type ParsedRollsArguments =
  | { readonly type: 'arguments'; readonly arguments: RollsArguments }
  | { readonly type: 'refused'; readonly message: string };

/** What differs from proof to proof. */
export interface ProofWords {
  /** Names of all chapters, in their order. */
  readonly chapters: readonly string[];
  readonly report: string;
  readonly defaults: { readonly port: string; readonly addresses: string };
  /** Whether one of the chapters takes as long as it is asked to. */
  readonly hasMinutes: boolean;
}

/** Reads the command line; every refusal says what is allowed. */
export function parseRollsArguments(
  argv: readonly string[],
  { chapters, report, defaults, hasMinutes }: ProofWords,
): ParsedRollsArguments {
  const values = parse(argv);
  if (typeof values === 'string') return { type: 'refused', message: values };
  const only = values.only?.split(',') ?? chapters;
  const { minutes = '1', port = defaults.port, addresses = defaults.addresses } = values;
  const refusals = [
    ...only.map((name) =>
      chapters.includes(name)
        ? undefined
        : `--only ${name}: there is no such chapter; there are ${chapters.join(', ')}`,
    ),
    hasMinutes || values.minutes === undefined
      ? undefined
      : `--minutes is ${minutes}: no chapter of this proof takes as long as it is asked to`,
    // What is left to copy at the throttle lasts for more than two hours.
    refuseOutside('--minutes', minutes, { least: 1, most: 120 }),
    refuseOutside('--port', port, { least: 1024, most: 65_534 }),
    /^127\.([1-9]\d?|1\d\d|2[0-4]\d|25[0-4])$/.test(addresses)
      ? undefined
      : `--addresses is ${addresses}: allowed are 127.1 to 127.254`,
  ].filter((refusal) => refusal !== undefined);
  if (refusals.length > 0) return { type: 'refused', message: refusals.join('\n') };
  return {
    type: 'arguments',
    arguments: {
      ...{ minutes: Number(minutes), port: Number(port), addresses, keep: values.keep === true },
      ...{ only: chapters.filter((name) => only.includes(name)), report: values.report ?? report },
      ...(values.data === undefined ? {} : { data: values.data }),
    },
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        only: { type: 'string' },
        minutes: { type: 'string' },
        data: { type: 'string' },
        report: { type: 'string' },
        port: { type: 'string' },
        addresses: { type: 'string' },
        keep: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    // parseArgs says which option it does not know, in a sentence of its own.
    return error instanceof Error ? error.message : String(Object(error).message ?? error);
  }
}

function refuseOutside(name: string, text: string, range: { least: number; most: number }): string | undefined {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= range.least && value <= range.most) return undefined;
  return `${name} is ${text}: allowed is a whole number from ${range.least} to ${range.most}`;
}
