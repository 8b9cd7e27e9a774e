import { parseArgs } from 'node:util';
import type { CloudOptions } from './create-cloud.ts';

/** What the command line of the local cloud says. */
export interface CloudArguments extends Omit<CloudOptions, 'services' | 'log' | 'optFolder'> {
  /** Below the data folder when absent. */
  readonly optFolder?: string;
}

/** More than a minute would be no latency but a fault. */
const maxDelayMs = 60_000;

/** @throws Error that names the argument, its value and what is allowed */
export function readCloudArguments(argv: readonly string[]): CloudArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      data: { type: 'string' },
      opt: { type: 'string' },
      port: { type: 'string', default: '4566' },
      'api-port': { type: 'string', default: '4567' },
      'address-prefix': { type: 'string', default: '127.0' },
      region: { type: 'string', default: 'us-east-1' },
      'call-latency-ms': { type: 'string', default: '0' },
      'event-delay-ms': { type: 'string', default: '0' },
    },
  });
  if (values.data === undefined) throw new Error('--data <folder> is missing: where the cloud keeps its state');
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(values.region))
    throw new Error(`--region is ${values.region}, which is not the name of a region such as us-east-1`);
  if (!/^127\.(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])$/.test(values['address-prefix']))
    throw new Error(
      `--address-prefix is ${values['address-prefix']}; allowed are 127.0 to 127.255: hosts live on loopback`,
    );
  return {
    dataFolder: values.data,
    ...(values.opt === undefined ? {} : { optFolder: values.opt }),
    port: readNumber('--port', values.port, { min: 1, max: 65_535 }),
    apiPort: readNumber('--api-port', values['api-port'], { min: 1, max: 65_535 }),
    addressPrefix: values['address-prefix'],
    region: values.region,
    delays: {
      callMs: readNumber('--call-latency-ms', values['call-latency-ms'], { min: 0, max: maxDelayMs }),
      eventMs: readNumber('--event-delay-ms', values['event-delay-ms'], { min: 0, max: maxDelayMs }),
    },
  };
}

function readNumber(name: string, text: string, { min, max }: { min: number; max: number }): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= max) return number;
  throw new Error(`${name} is ${text}; allowed are whole numbers from ${min} to ${max}`);
}
