import { makeClassArchive } from './class-archive.ts';

// A process of its own, so that the throw-away node never outlives it, whatever becomes of the cloud.
const [optFolder, version] = process.argv.slice(2);
if (optFolder === undefined || version === undefined) {
  process.stderr.write('usage: archive-main.ts <folder of jars> <version of Kafka>\n');
  process.exit(64);
}
const abort = new AbortController();
process.once('SIGTERM', () => abort.abort());
await makeClassArchive({
  optFolder,
  version,
  log: (line) => void process.stdout.write(`${line}\n`),
  signal: abort.signal,
});
