import { makeClassArchive } from './class-archive.ts';

// A process of its own, so that the throw-away nodes never outlive it, whatever becomes of the cloud.
const [optFolder, ...versions] = process.argv.slice(2);
if (optFolder === undefined || versions.length === 0) {
  process.stderr.write('usage: archive-main.ts <folder of jars> <version of Kafka>...\n');
  process.exit(64);
}
const abort = new AbortController();
process.once('SIGTERM', () => abort.abort());
const log = (line: string): void => void process.stdout.write(`${line}\n`);
for (const version of versions) {
  if (abort.signal.aborted) break;
  try {
    await makeClassArchive({ optFolder, version, log, signal: abort.signal });
  } catch (error) {
    // The other versions may do better.
    process.stderr.write(`Kafka ${version}: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
