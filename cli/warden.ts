#!/usr/bin/env node
import { homedir } from 'node:os';
import packageDocument from '../package.json' with { type: 'json' };
import { run } from './run.ts';

const interruption = new AbortController();
// Not `once`: a library that draws takes a signal without listeners for the end of the process.
process.on('SIGINT', () => interruption.abort());
// A reader that has seen enough, such as head, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await run(process.argv.slice(2), {
  version: packageDocument.version,
  terminal: {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    workingFolder: process.cwd(),
    homeFolder: homedir(),
    interrupted: interruption.signal,
  },
});
