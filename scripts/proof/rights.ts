import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startCloud } from '../launch/cloud-process.ts';
import { deployStack } from '../launch/deploy.ts';
import { writeEndpoints } from '../launch/endpoints-file.ts';
import type { StartOptions } from '../launch/start-options.ts';
import { driveOf } from './rights/drives.ts';
import { adoptAPod, fenceAHost, replaceBySnapshot, replaceWithoutItsMachine } from './rights/heal-story.ts';
import { Installation } from './rights/installation.ts';
import { pauseAndResume } from './rights/pause-story.ts';
import { listStatements } from './rights/statements.ts';
import {
  installStepByStep,
  lastWordsOfABroker,
  loseScheduledStart,
  recoverStepByStep,
  returnOfAnAgent,
  uninstallAfterLostStart,
  waitForCapacity,
} from './rights/story.ts';
import { type Finding, Trial } from './rights/trial.ts';

/**
 * Takes each statement of each role of the template away in turn on a local cloud, makes the operation that needs it, and
 * looks for the denial where its user would see it. Prints a table; ends with 1 when a statement was not missed, so is
 * superfluous, or when its lack cannot be seen. Usage: npm run prove:rights -- --data <empty folder> [--port 22600]
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '.warden/proof-rights' },
    port: { type: 'string', default: '22600' },
    addresses: { type: 'string', default: '127.73' },
  },
});

const options: StartOptions = {
  dataFolder: resolve(values.data),
  port: Number(values.port),
  apiPort: Number(values.port) + 1,
  zones: 1,
  hostsPerZone: 2,
  addressPrefix: values.addresses,
  zone: 'proof.internal',
  withService: false,
};

async function main(): Promise<number> {
  const cloud = await startCloud(options);
  // An interrupted proof leaves nothing running.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      process.kill(cloud.pid, 'SIGTERM');
      process.exit(1);
    });
  }
  try {
    await deployStack(options);
    await writeEndpoints(options);
    const installation = new Installation(options);
    const deniedInDeploy = installation.denied();
    for (const { reason } of deniedInDeploy)
      process.stdout.write(`denied with the whole template in place: ${reason}\n`);
    const trial = new Trial(installation, await listStatements(installation.iam, 'Warden'));
    await tryAll(installation, trial);
    process.stdout.write(tableOf(trial));
    const failed = trial.findings.some(({ problem }) => problem !== undefined);
    return deniedInDeploy.length > 0 || failed || trial.untried.length > 0 ? 1 : 0;
  } finally {
    process.kill(cloud.pid, 'SIGTERM');
    await cloud.ended;
  }
}

async function tryAll(installation: Installation, trial: Trial): Promise<void> {
  const chapters = [
    () => waitForCapacity(installation, trial),
    () => installStepByStep(installation, trial),
    () => tryTheRest(installation, trial),
    () => lastWordsOfABroker(installation, trial),
    () => recoverStepByStep(installation, trial),
    () => pauseAndResume(installation, trial),
    () => returnOfAnAgent(installation, trial),
    () => replaceWithoutItsMachine(installation, trial),
    () => adoptAPod(installation, trial),
    () => replaceBySnapshot(installation, trial),
    () => fenceAHost(installation, trial),
  ];
  const seeScheduledStart = await loseScheduledStart(installation, trial);
  for (const chapter of chapters) await guarded(trial, chapter);
  await guarded(trial, seeScheduledStart);
  await guarded(trial, () => uninstallAfterLostStart(installation, trial));
}

/** One chapter that breaks must not hide what the others show. */
async function guarded(trial: Trial, chapter: () => Promise<void>): Promise<void> {
  try {
    await chapter();
  } catch (error) {
    process.stderr.write(`BROKEN OFF: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
    await trial.putBackAll();
  }
}

/** What needs no more than a service that runs. */
async function tryTheRest(installation: Installation, trial: Trial): Promise<void> {
  for (const statement of trial.untried) {
    const drive = driveOf(statement);
    if (drive !== undefined)
      await trial.alone(statement, drive.operation, (removed) => drive.see(installation, removed));
  }
}

function tableOf(trial: Trial): string {
  const rows = trial.findings.map((finding) => row(finding));
  const untried = trial.untried.map(
    ({ role, actions }) => `| ${role} | ${actions.join(', ')} | none known | **NOT TRIED** |`,
  );
  const head = ['| role | statement | operation | what the user saw |', '| --- | --- | --- | --- |'];
  return `${[...head, ...rows.sort(), ...untried].join('\n')}\n`;
}

function row({ statement, operation, saw, problem }: Finding): string {
  const actions =
    statement.actions.length > 3 ? `${statement.actions.slice(0, 3).join(', ')}, …` : statement.actions.join(', ');
  const part = statement.part === undefined ? '' : ` on ${statement.part.slice(statement.part.lastIndexOf(':') + 1)}`;
  return `| ${statement.role} | ${actions}${part} | ${operation} | ${saw ?? `**${problem}**`} |`;
}

const code = await main();
process.exit(code === 0 ? (process.exitCode ?? 0) : code);
