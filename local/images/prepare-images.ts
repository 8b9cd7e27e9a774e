import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forgetProcess, recordProcess } from '../core/processes.ts';
import { isComplete } from './fetch-jars.ts';
import { buildKafkaHome } from './kafka-image.ts';

const PROGRAM = fileURLToPath(new URL('archive-main.ts', import.meta.url));

/**
 * Makes the images of all versions of Kafka whose jars are there, and in the background their class archives.
 * Both are made once for all data folders.
 */
export function prepareImages(cloud: {
  readonly optFolder: string;
  readonly dataFolder: string;
  readonly log: (line: string) => void;
}): void {
  for (const version of versionsIn(cloud.optFolder)) {
    if (existsSync(join(buildKafkaHome(cloud.optFolder, version), 'kafka.jsa'))) continue;
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', PROGRAM, cloud.optFolder, version],
      {
        detached: true,
        stdio: 'ignore',
      },
    );
    child.unref();
    const { pid } = child;
    if (pid === undefined)
      throw new Error(`The maker of the class archive did not start: ${process.execPath} ${PROGRAM}.`);
    recordProcess(cloud.dataFolder, pid, `class archive of Kafka ${version}`);
    child.once('exit', (code) => {
      forgetProcess(cloud.dataFolder, pid);
      cloud.log(
        `images: the class archive of Kafka ${version} ${code === 0 ? 'is ready' : `could not be made (exit code ${code}); brokers start slower`}`,
      );
    });
  }
}

function versionsIn(optFolder: string): string[] {
  if (!existsSync(optFolder)) return [];
  return readdirSync(optFolder)
    .filter((name) => name.startsWith('kafka-') && isComplete(optFolder, name))
    .map((name) => name.slice('kafka-'.length));
}
