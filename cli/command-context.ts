import type { Command } from 'commander';
import { type ApiClient, createApiClient } from './api-client.ts';
import { findSettings, type GlobalFlags, type Settings } from './settings.ts';
import { printNote, type Terminal } from './terminal.ts';

/** What a command acts with. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly settings: Settings;
  readonly client: ApiClient;
  /** Path of a route of the chosen service: `/service/<name>/v1<path>`. */
  readonly servicePath: (path: string) => string;
}

/** Reads the flags of a command and those of the program, finds the API, and lets the command act. */
export async function openContext(command: Command, terminal: Terminal): Promise<CommandContext> {
  const flags = command.optsWithGlobals<GlobalFlags>();
  const settings = await findSettings(flags, terminal);
  const trace = (line: string): void => {
    if (flags.verbose === true) printNote(terminal, line);
  };
  const client = createApiClient({ settings, interrupted: terminal.interrupted, trace });
  const servicePath = (path: string): string => `/service/${encodeURIComponent(settings.name)}/v1${path}`;
  return { terminal, settings, client, servicePath };
}
