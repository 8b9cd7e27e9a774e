import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaVersionOf } from '../../lib/model/service/config.ts';
import { defaultPackageVersion } from '../../lib/model/service/package-version.ts';
import { forgetProcess, recordProcess } from '../../local/core/processes.ts';
import { fetchJars } from '../../local/images/fetch-jars.ts';
import { endChildren } from './children.ts';
import { type CloudProcess, startCloud } from './cloud-process.ts';
import { deployStack } from './deploy.ts';
import { type Endpoints, writeEndpoints } from './endpoints-file.ts';
import { cloudFolder, optFolder, root } from './folders.ts';
import { awaitServices, hasServices, installService } from './install-service.ts';
import { StartError, step } from './progress.ts';
import { parseStartOptions, type StartOptions, startHelp } from './start-options.ts';

/** From nothing to a running service, each piece level-triggered: what is done already is passed over. */
async function start(options: StartOptions, onCloud: (cloud: CloudProcess) => void): Promise<Endpoints> {
  // Other versions of Kafka are fetched by the host that first runs one, as a container host pulls an image.
  await step('Fetching Kafka and DynamoDB Local from Maven Central', () =>
    fetchJars({
      optFolder,
      artifacts: [`kafka-${kafkaVersionOf(defaultPackageVersion)}`, 'dynamodb-local'],
      log: (line) => process.stderr.write(`  ${line}\n`),
    }),
  );
  // Before the cloud: its hosts boot their brokers at once when they return.
  await step('Bundling the functions and the CLI', async () => {
    for (const script of ['bundle-functions.mjs', 'bundle-cli.mjs']) {
      execFileSync(process.execPath, [join(root, 'scripts', script)], { cwd: root, stdio: ['ignore', 'ignore', 2] });
    }
  });
  const cloud = await step('Starting the local cloud', () => startCloud(options));
  onCloud(cloud);
  await step('Deploying Warden: cdk bootstrap, cdk deploy', () => deployStack(options));
  const endpoints = await writeEndpoints(options);
  if (await hasServices(endpoints)) await step('Waiting for the services to come back', () => awaitServices(endpoints));
  else if (options.withService) await step('Installing Kafka', () => installService(options, endpoints));
  return endpoints;
}

function usage(options: StartOptions, endpoints: Endpoints): string {
  return `
Warden runs.

  API        ${endpoints.api}
  Token      ${endpoints.token}
  AWS        ${endpoints.aws}   (source ${join(options.dataFolder, 'env')} points any AWS client there)

Try:
  npx warden plan status deploy
  npx warden connection
  curl -H "Authorization: token=${endpoints.token}" ${endpoints.api}/v1/plans/deploy

Ctrl-C stops everything and keeps the data; npm start resumes.
`;
}

/** A stop in order: the cloud ends hosts, brokers first, then itself. Asked for again, it is not hurried. */
function stopInOrder(cloud: CloudProcess | undefined): void {
  process.stderr.write('\nStopping: brokers, controllers, then the local cloud ...\n');
  if (cloud === undefined) return;
  try {
    process.kill(cloud.pid, 'SIGTERM');
  } catch {
    // It is gone already.
  }
}

async function main(): Promise<number> {
  const parsed = parseStartOptions(process.argv.slice(2));
  if (parsed.type === 'help') {
    process.stdout.write(startHelp);
    return 0;
  }
  if (parsed.type === 'refused') {
    process.stderr.write(`${parsed.message}\n\n${startHelp}`);
    return 2;
  }
  const { options } = parsed;
  mkdirSync(cloudFolder(options.dataFolder), { recursive: true });
  recordProcess(cloudFolder(options.dataFolder), process.pid, 'launcher');
  let cloud: CloudProcess | undefined;
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    stopInOrder(cloud);
    endChildren();
    if (cloud === undefined) process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  const ready = start(options, (started) => {
    cloud = started;
  });
  try {
    const endpoints = await ready;
    if (!stopping) process.stdout.write(usage(options, endpoints));
  } catch (error) {
    if (!stopping) {
      process.stderr.write(`${error instanceof StartError ? error.message : (error as Error).stack}\n`);
      stop();
      await cloud?.ended;
      return 1;
    }
  }
  await cloud?.ended;
  forgetProcess(cloudFolder(options.dataFolder), process.pid);
  if (stopping) return 0;
  process.stderr.write(
    'The local cloud is gone; hosts and brokers may still run. npm start resumes, npm stop ends them.\n',
  );
  return 1;
}

process.exit(await main());
