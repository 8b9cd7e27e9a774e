import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const POMS = fileURLToPath(new URL('../maven', import.meta.url));
const TRIES = 2;
/** How much of a failed run is worth showing. */
const LAST_LINES = 12;

/** What to fetch, and where to. */
export interface FetchOptions {
  readonly optFolder: string;
  /** Modules of local/maven: kafka-4.3.1, dynamodb-local. */
  readonly artifacts: readonly string[];
  readonly log: (line: string) => void;
  /** The program to run instead of `mvn`. */
  readonly maven?: string;
}

/**
 * Fetches the jars of artifacts from Maven Central with one run of the system's `mvn`; what is complete is not fetched
 * again.
 * @throws Error when an artifact has no POM, `mvn` is missing, or it fails twice
 */
export async function fetchJars(options: FetchOptions): Promise<void> {
  const missing = options.artifacts.filter((artifact) => !isComplete(options.optFolder, artifact));
  if (missing.length === 0) return;
  const unknown = missing.find((artifact) => !hasPom(artifact));
  if (unknown !== undefined) {
    throw new Error(`There is no POM for '${unknown}' in local/maven: add a module there to make it available.`);
  }
  const title = missing.join(', ');
  options.log(`fetching ${title} from Maven Central`);
  for (let attempt = 1; ; attempt += 1) {
    const failure = await runMaven(missing, options);
    if (failure === undefined) break;
    if (attempt === TRIES) throw new Error(`mvn could not fetch ${title} in ${TRIES} tries.\n${failure}`);
    options.log(`mvn failed for ${title}; trying once more`);
  }
  for (const artifact of missing) {
    mkdirSync(join(options.optFolder, artifact), { recursive: true });
    writeFileSync(join(options.optFolder, artifact, '.complete'), '');
  }
}

/** Whether an artifact's jars all lie in the opt folder. */
export function isComplete(optFolder: string, artifact: string): boolean {
  return existsSync(join(optFolder, artifact, '.complete'));
}

/** Whether local/maven says how an artifact is fetched. */
export function hasPom(artifact: string): boolean {
  return existsSync(join(POMS, artifact, 'pom.xml'));
}

/** Answers the last lines of a run that failed. */
function runMaven(artifacts: readonly string[], options: FetchOptions): Promise<string | undefined> {
  const program = options.maven ?? 'mvn';
  // Modules are fetched side by side: what takes time is waiting for the registry.
  const flags = ['-B', '-ntp', '-T', '4', `-Dlibs.root=${options.optFolder}`, '-pl', artifacts.join(',')];
  const child = spawn(program, [...flags, 'package'], { cwd: POMS, stdio: ['ignore', 'pipe', 'pipe'] });
  const last: string[] = [];
  const keep = (line: string): void => {
    if (/Copying|Downloaded|BUILD|ERROR/.test(line)) options.log(line);
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
  };
  createInterface({ input: child.stdout }).on('line', keep);
  createInterface({ input: child.stderr }).on('line', keep);
  return new Promise((resolve, reject) => {
    child.on('error', (cause) =>
      reject(new Error(`'${program}' did not start. Install Apache Maven 3.8 or later.`, { cause })),
    );
    child.on('close', (code) => resolve(code === 0 ? undefined : last.join('\n')));
  });
}
