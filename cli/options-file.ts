import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { CommandError } from './command-error.ts';
import { exitCode } from './exit-code.ts';
import { findJsonFault } from './find-json-fault.ts';
import { reasonOf } from './reason-of.ts';
import type { Terminal } from './terminal.ts';

/** Reads an options document from a file, or from standard input for `-` and `stdin`. What is no JSON is not sent. */
export async function readOptionsFile(file: string, terminal: Terminal): Promise<unknown> {
  const fromInput = file === '-' || file === 'stdin';
  const content = fromInput ? await text(terminal.stdin) : await readText(resolve(terminal.workingFolder, file));
  try {
    return JSON.parse(content);
  } catch (cause) {
    const fault = findJsonFault(content);
    if (fault === undefined) throw cause;
    const { line, column, reason } = fault;
    throw new CommandError(`${fromInput ? 'stdin' : file}:${line}:${column} is not JSON: ${reason}`, {
      exitCode: exitCode.usage,
      hint: 'An options document looks like {"brokers": {"count": 3}}',
      cause,
    });
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new CommandError(`The options cannot be read: ${reasonOf(cause)}`, { exitCode: exitCode.usage, cause });
  }
}
