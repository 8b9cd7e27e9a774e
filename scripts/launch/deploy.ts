import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnChild } from './children.ts';
import { root } from './folders.ts';
import { StartError } from './progress.ts';
import { settleStacks } from './settle-stacks.ts';
import type { StartOptions } from './start-options.ts';

/** What any AWS client needs to talk to the local cloud instead of AWS. */
export function awsEnvironment(options: { readonly port: number }): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${options.port}`,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}

/** Folders and files that decide what is deployed. */
const sources = [
  ...['lib', 'functions', 'statemachines', 'cdk.json', 'package-lock.json'],
  ...['scripts/bundle-functions.mjs', 'scripts/lambda-credentials.mjs', 'scripts/lambda-unreached.mjs'],
];

/** Bootstraps and deploys the stack by the real CDK CLI, unless exactly this was deployed to this data folder before. */
export async function deployStack(options: StartOptions): Promise<void> {
  const marker = join(options.dataFolder, 'deployed.sha256');
  const wanted = fingerprint(options);
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  await settleStacks(`http://127.0.0.1:${options.port}`);
  await cdk(options, ['bootstrap', 'aws://000000000000/us-east-1', '--progress', 'events']);
  await cdk(options, [
    ...['deploy', '--require-approval', 'never', '--progress', 'events'],
    ...['--outputs-file', join(options.dataFolder, 'outputs.json')],
    ...['-c', `warden:zones=${options.zones}`, '-c', `warden:hostsPerZone=${options.hostsPerZone}`],
    ...(options.zone === undefined ? [] : ['-c', `warden:zone=${options.zone}`]),
  ]);
  writeFileSync(marker, wanted);
}

/** The outputs of the deployed stack, by name. */
export function stackOutputs(options: StartOptions): Readonly<Record<string, string>> {
  const outputs = JSON.parse(readFileSync(join(options.dataFolder, 'outputs.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  const [stack] = Object.values(outputs);
  if (stack === undefined) throw new StartError('cdk deploy wrote no outputs');
  return stack;
}

function cdk(options: StartOptions, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    // An output folder of its own: the CLI refuses to synthesize to one that another CLI uses.
    const common = ['--output', join(options.dataFolder, 'cdk.out'), '--ci', '--no-color'];
    const child = spawnChild(join(root, 'node_modules', '.bin', 'cdk'), [...args, ...common], {
      cwd: root,
      env: { ...process.env, ...awsEnvironment(options) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text: string) => {
        output += text;
        showEvents(text);
      });
    }
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new StartError(`cdk ${args[0]} ended with exit code ${code}:\n${output}`));
    });
  });
}

/** Of the CLI's output only the line that counts resources: the rest is shown when it fails. */
function showEvents(text: string): void {
  const counted = [...text.matchAll(/\b(\d+\/\d+) \|/g)].at(-1)?.[1];
  if (counted !== undefined && process.stderr.isTTY) process.stderr.write(`\r  ${counted} resources \r`);
}

function fingerprint(options: StartOptions): string {
  const hash = createHash('sha256').update(`${options.zones} ${options.hostsPerZone} ${options.zone ?? ''}`);
  for (const source of sources) addToHash(hash, join(root, source));
  return hash.digest('hex');
}

function addToHash(hash: ReturnType<typeof createHash>, path: string): void {
  if (!existsSync(path)) return;
  if (statSync(path).isDirectory()) {
    for (const entry of readdirSync(path).sort()) addToHash(hash, join(path, entry));
  } else {
    hash.update(path.slice(root.length)).update(readFileSync(path));
  }
}
