import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../../launch/folders.ts';

const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));

/** The Python of a virtual environment under .warden with the pinned librdkafka client; it is made once. */
export function pythonWithKafka(): string {
  const folder = join(root, '.warden', 'proof-python');
  const python = join(folder, 'bin', 'python');
  const marker = join(folder, 'installed.txt');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return python;
  run('python3', ['-m', 'venv', folder]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', requirements]);
  writeFileSync(marker, wanted);
  return python;
}

function run(command: string, args: readonly string[]): void {
  try {
    execFileSync(command, args, { stdio: ['ignore', 2, 2] });
  } catch (error) {
    throw new Error(
      `${command} ${args.join(' ')} failed. The load needs Python 3.8 or newer with venv, and pip's index`,
      { cause: error },
    );
  }
}
