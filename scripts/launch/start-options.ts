import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Delays } from '../../local/core/service.ts';

/** What `npm start` was asked for. */
export interface StartOptions {
  readonly dataFolder: string;
  readonly port: number;
  readonly apiPort: number;
  readonly zones: number;
  readonly hostsPerZone: number;
  /** The first two parts of the hosts' loopback addresses. */
  readonly addressPrefix: string;
  /** Name of the private zone that Warden is deployed with; absent: without one. */
  readonly zone?: string;
  /** Options document of the service; absent: the defaults. */
  readonly optionsFile?: string;
  readonly withService: boolean;
  /** How late the cloud is on purpose; absent: not at all. Only for programs that measure it. */
  readonly delays?: Delays;
}

export const startHelp = `npm start -- [options]

Starts a local cloud, deploys Warden to it by cdk deploy, and installs a Kafka service with real brokers.
A second start resumes; Ctrl-C stops everything and keeps the data.

  --data <folder>         where all state is kept (default .warden)
  --port <n>              port of the AWS endpoint (default 4566)
  --api-port <n>          port of Warden's HTTP API (default 4567)
  --zones <n>             availability zones, 1 to 3 (default 3)
  --hosts-per-zone <n>    hosts in each zone (default 1)
  --addresses <127.n>     first two parts of the hosts' addresses (default 127.0); two starts at once differ in it
  --zone <name>           deploy with a private zone for the names of the nodes, for example kafka.internal
  --options <file>        options document of the service (JSON; default: all defaults)
  --no-service            install no service
  --help                  this text
`;

export type ParsedOptions =
  | { readonly type: 'options'; readonly options: StartOptions }
  | { readonly type: 'help' }
  | { readonly type: 'refused'; readonly message: string };

/** Reads the command line; every refusal says what is allowed. */
export function parseStartOptions(args: readonly string[]): ParsedOptions {
  const parsed = parse(args);
  if (typeof parsed === 'string') return { type: 'refused', message: parsed };
  if (parsed.help === true) return { type: 'help' };
  const numbers = {
    port: Number(parsed.port ?? 4566),
    apiPort: Number(parsed['api-port'] ?? 4567),
    zones: Number(parsed.zones ?? 3),
    hostsPerZone: Number(parsed['hosts-per-zone'] ?? 1),
  };
  const wrong = [
    refuseOutside('--port', numbers.port, { least: 1024, most: 65_535 }),
    refuseOutside('--api-port', numbers.apiPort, { least: 1024, most: 65_535 }),
    refuseOutside('--zones', numbers.zones, { least: 1, most: 3 }),
    refuseOutside('--hosts-per-zone', numbers.hostsPerZone, { least: 1, most: 20 }),
  ].filter((refusal) => refusal !== undefined);
  const addressPrefix = parsed.addresses ?? '127.0';
  if (!/^127\.\d{1,3}$/.test(addressPrefix)) {
    wrong.push(`--addresses is ${addressPrefix}: allowed are 127.0 to 127.255`);
  }
  if (wrong.length > 0) return { type: 'refused', message: wrong.join('\n') };
  return {
    type: 'options',
    options: {
      ...numbers,
      addressPrefix,
      dataFolder: resolve(parsed.data ?? '.warden'),
      withService: parsed['no-service'] !== true,
      ...(parsed.zone === undefined ? {} : { zone: parsed.zone }),
      ...(parsed.options === undefined ? {} : { optionsFile: resolve(parsed.options) }),
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        port: { type: 'string' },
        'api-port': { type: 'string' },
        zones: { type: 'string' },
        'hosts-per-zone': { type: 'string' },
        addresses: { type: 'string' },
        zone: { type: 'string' },
        options: { type: 'string' },
        'no-service': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    // parseArgs says which option it does not know, in a sentence of its own.
    return error instanceof Error ? error.message : String(error);
  }
}

function refuseOutside(name: string, value: number, range: { least: number; most: number }): string | undefined {
  if (Number.isInteger(value) && value >= range.least && value <= range.most) return undefined;
  return `${name} is ${value}: allowed is a whole number from ${range.least} to ${range.most}`;
}
