import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { functionTable } from '../../lib/stacks/function-table.ts';
import { root } from '../launch/folders.ts';
import { median } from './figures.ts';

/** A function's bundle: its size, and how long a fresh process takes to load it. */
export interface BundleLoad {
  readonly name: string;
  readonly kilobytes: number;
  readonly loadMs: readonly number[];
  /** The one function that calls EC2 has limits of its own. */
  readonly callsEc2: boolean;
}

const loads = 9;
const program =
  'const t = performance.now(); await import(process.argv[1]); console.log(performance.now() - t); process.exit(0);';

/** Loads each bundle in processes of its own, one after another. */
export async function loadBundles(): Promise<readonly BundleLoad[]> {
  const measured: BundleLoad[] = [];
  for (const { name, environment } of functionTable) {
    const file = join(root, 'dist', 'functions', name, 'index.mjs');
    const loadMs: number[] = [];
    for (let load = 0; load < loads; load++) loadMs.push(await loadOnce(file, environment));
    measured.push({
      name,
      kilobytes: statSync(file).size / 1000,
      loadMs: loadMs.toSorted((a, b) => a - b),
      callsEc2: readFileSync(file, 'latin1').includes('AttachVolume'),
    });
  }
  return measured;
}

/** The bundle that weighs most in one respect. */
export function heaviest(
  bundles: readonly BundleLoad[],
  weight: (bundle: BundleLoad) => number,
): BundleLoad | undefined {
  return bundles.toSorted((a, b) => weight(b) - weight(a))[0];
}

export function loadTime({ loadMs }: BundleLoad): number {
  return median(loadMs);
}

async function loadOnce(file: string, names: readonly string[]): Promise<number> {
  const environment = Object.fromEntries(names.map((name) => [name, 'arn:aws:x:us-east-1:000000000000:x']));
  const args = ['--input-type=module', '--eval', program, pathToFileURL(file).href];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { PATH: process.env['PATH'], AWS_REGION: 'us-east-1', ...environment },
  });
  return Number(stdout);
}
