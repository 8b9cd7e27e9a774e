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
 * Fetches the jars of artifacts from Maven Central with the system's `mvn`; what is complete is not fetched again.
 * @throws Error when an artifact has no POM, `mvn` is missing, or it fails twice
 */
export async function fetchJars(options: FetchOptions): Promise<void> {
  for (const artifact of options.artifacts) await fetchArtifact(artifact, options);
}

/** Whether an artifact's jars all lie in the opt folder. */
export function isComplete(optFolder: string, artifact: string): boolean {
  return existsSync(join(optFolder, artifact, '.complete'));
}

async function fetchArtifact(artifact: string, options: FetchOptions): Promise<void> {
  if (isComplete(options.optFolder, artifact)) return;
  if (!existsSync(join(POMS, artifact, 'pom.xml'))) {
    throw new Error(`There is no POM for '${artifact}' in local/maven: add a module there to make it available.`);
  }
  options.log(`fetching ${artifact} from Maven Central`);
  for (let attempt = 1; ; attempt += 1) {
    const failure = await runMaven(artifact, options);
    if (failure === undefined) break;
    if (attempt === TRIES) throw new Error(`mvn could not fetch ${artifact} in ${TRIES} tries.\n${failure}`);
    options.log(`mvn failed for ${artifact}; trying once more`);
  }
  mkdirSync(join(options.optFolder, artifact), { recursive: true });
  writeFileSync(join(options.optFolder, artifact, '.complete'), '');
}

/** Answers the last lines of a run that failed. */
function runMaven(artifact: string, options: FetchOptions): Promise<string | undefined> {
  const program = options.maven ?? 'mvn';
  const child = spawn(program, ['-B', '-ntp', `-Dlibs.root=${options.optFolder}`, '-pl', artifact, 'package'], {
    cwd: POMS,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
