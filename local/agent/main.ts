import { readHost } from '../hosts/host-record.ts';
import { takeHost } from '../hosts/power.ts';
import { Agent } from './agent.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: main.ts <folder of the host>\n');
  process.exit(64);
}

const host = readHost(folder);
const log = (line: string): void => void process.stdout.write(`${new Date().toISOString()} ${line}\n`);
if (!takeHost(host.dataFolder, host.instanceId)) {
  log(`${host.instanceId} is off or has another agent; this one ends`);
  process.exit(0);
}
const agent = new Agent(host, log);

// The machine's own Ctrl-C is for the cloud, which decides what becomes of its hosts.
process.on('SIGINT', () => log('SIGINT is left to the cloud'));
process.on('SIGTERM', () => {
  log('shutting down');
  void agent.shutDown().then(() => process.exit(0));
});

log(`agent of ${host.instanceId} (${host.instanceType}, ${host.zone}, ${host.address})`);
await agent.start();
