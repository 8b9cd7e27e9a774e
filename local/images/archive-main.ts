import { makeClassArchive } from './class-archive.ts';

// A process of its own: its throw-away nodes end in order, whatever becomes of the cloud.
const [optFolder, dataFolder, ...versions] = process.argv.slice(2);
if (optFolder === undefined || dataFolder === undefined || versions.length === 0) {
  process.stderr.write('usage: archive-main.ts <folder of jars> <data folder> <version of Kafka>...\n');
  process.exit(64);
}
const abort = new AbortController();
process.once('SIGTERM', () => abort.abort());
const log = (line: string): void => void process.stdout.write(`${line}\n`);
for (const version of versions) {
  if (abort.signal.aborted) break;
  try {
    await makeClassArchive({ optFolder, dataFolder, version, log, signal: abort.signal });
  } catch (error) {
    if (abort.signal.aborted) break;
    // The other versions may do better.
    process.stderr.write(`Kafka ${version}: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
// What a shell says of a program that SIGTERM ended.
if (abort.signal.aborted) process.exitCode = 143;
