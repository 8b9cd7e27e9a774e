// Runs on whatever Node the system has (20 or later): makes the checkout ready and then hands over to Node 24.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const binFolder = join(root, 'node_modules', '.bin');
const installedMarker = join(root, 'node_modules', '.warden-installed');

/** Ends the process with one clear line when a program is missing or too old. */
export function checkPrograms() {
  const nodeMajor = Number(process.versions.node.split('.')[0]);
  if (nodeMajor < 20)
    fail(`Node ${process.versions.node} is too old: Node 20 or later is needed (https://nodejs.org).`);
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  if (java.error) fail('Java is missing: install a JDK 17 or later and put `java` on the PATH.');
  const javaMajor = Number(/version "(\d+)/.exec(java.stderr)?.[1] ?? 0);
  if (javaMajor < 17) fail(`Java ${javaMajor} is too old: Kafka needs Java 17 or later (java -version).`);
  if (spawnSync('mvn', ['-v']).error) fail('Maven is missing: install Maven 3.8 or later and put `mvn` on the PATH.');
}

/** Installs exactly what package-lock.json names, unless that was done before. */
export function installDependencies() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const installed = existsSync(installedMarker) ? readFileSync(installedMarker, 'utf8') : '';
  if (installed === wanted) return;
  process.stderr.write('Installing dependencies (npm install) ...\n');
  const started = Date.now();
  // Not `npm ci`: it refuses a lock file without the optional packages of platforms that a registry does not carry.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (result.status !== 0) fail('npm install failed: see above. Is the npm registry reachable?');
  writeFileSync(installedMarker, wanted);
  process.stderr.write(`Installed in ${Math.round((Date.now() - started) / 1000)} s.\n`);
}

/** Whether the dependencies were installed by an earlier command. */
export function hasDependencies() {
  return existsSync(installedMarker);
}

/** The environment in which `node` and every tool is the one of this checkout. */
function toolEnvironment() {
  return { ...process.env, PATH: `${binFolder}:${process.env.PATH ?? ''}` };
}

/** Runs a TypeScript program on Node 24 in this terminal and ends with its exit code. Signals are handed on. */
export function runProgram(program, args) {
  const child = spawn(join(binFolder, 'node'), [join(root, program), ...args], {
    cwd: root,
    env: toolEnvironment(),
    stdio: 'inherit',
  });
  // Ctrl-C reaches the whole foreground group, so the child has it already; kill reaches only this process.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}
