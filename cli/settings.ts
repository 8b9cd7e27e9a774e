import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { types } from 'node:util';
import { CommandError } from './command-error.ts';
import { exitCode } from './exit-code.ts';
import { reasonOf } from './reason-of.ts';
import type { Terminal } from './terminal.ts';

/** Flags that every command takes. */
export interface GlobalFlags {
  readonly name?: string;
  readonly url?: string;
  readonly token?: string;
  readonly profile?: string;
  readonly verbose?: boolean;
}

/** Where the API is and which service is meant. */
export interface Settings {
  readonly url: string;
  readonly token?: string;
  readonly name: string;
}

interface Source {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  readonly name?: string | undefined;
}

const howToFind =
  'Run `npm start`, or give --url and --token, or set WARDEN_URL and WARDEN_TOKEN, or add a profile to ~/.config/warden/config.json';

/**
 * Looks in this order: flags, a profile that was asked for, environment, the default profile, and the local cloud's
 * `.warden/endpoints.json` in this folder or above. The token of a file is only sent to the address beside it; --token
 * goes with any address, and so does WARDEN_TOKEN unless a profile was asked for.
 */
export async function findSettings(flags: GlobalFlags, terminal: Terminal): Promise<Settings> {
  const { WARDEN_URL, WARDEN_TOKEN, WARDEN_PROFILE } = terminal.env;
  const wanted = flags.profile ?? WARDEN_PROFILE;
  const candidates: readonly (() => Promise<Source | undefined>)[] = [
    async () => flags,
    async () => (wanted === undefined ? undefined : readProfile(terminal, wanted)),
    async () => ({ url: WARDEN_URL }),
    async () => readProfile(terminal, undefined),
    async () => readEndpoints(terminal.workingFolder),
  ];
  for (const candidate of candidates) {
    const source = await candidate();
    if (source?.url === undefined || source.url === '') continue;
    const ofProfile = wanted === undefined ? undefined : source.token;
    const token = flags.token ?? ofProfile ?? WARDEN_TOKEN ?? source.token;
    return {
      url: source.url.replace(/\/+$/, ''),
      name: flags.name ?? source.name ?? 'kafka',
      ...(token === undefined ? {} : { token }),
    };
  }
  throw new CommandError('No Warden API is known here.', { exitCode: exitCode.unreachable, hint: howToFind });
}

/** Without a name the default profile; a profile that was named must exist. */
async function readProfile(terminal: Terminal, name: string | undefined): Promise<Source | undefined> {
  const folder = terminal.env['XDG_CONFIG_HOME'] || join(terminal.homeFolder, '.config');
  const path = join(folder, 'warden', 'config.json');
  const file = await readObject(path);
  const profiles = objectOf(file?.['profiles']);
  const profile = profiles[name ?? textOf(file?.['profile']) ?? 'default'];
  if (profile === undefined && name !== undefined) {
    const known = Object.keys(profiles).join(', ');
    throw new CommandError(`There is no profile ${name} in ${path}.`, {
      exitCode: exitCode.usage,
      hint: known === '' ? 'Add it to "profiles" there' : `There are: ${known}`,
    });
  }
  const { url, token, name: service } = objectOf(profile);
  return { url: textOf(url), token: textOf(token), name: textOf(service) };
}

async function readEndpoints(folder: string): Promise<Source | undefined> {
  const endpoints = await readObject(join(folder, '.warden', 'endpoints.json'));
  if (endpoints !== undefined) return { url: textOf(endpoints['api']), token: textOf(endpoints['token']) };
  const above = dirname(folder);
  return above === folder ? undefined : readEndpoints(above);
}

/** Undefined when there is no such file. */
async function readObject(path: string): Promise<JsonObject | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
  try {
    return objectOf(JSON.parse(text));
  } catch (cause) {
    throw new CommandError(`${path} is not JSON: ${reasonOf(cause)}.`, { exitCode: exitCode.usage, cause });
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isAbsence(error: unknown): boolean {
  return types.isNativeError(error) && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
