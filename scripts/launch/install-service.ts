import { join } from 'node:path';
import { spawnChild } from './children.ts';
import type { Endpoints } from './endpoints-file.ts';
import { root } from './folders.ts';
import { StartError } from './progress.ts';
import type { StartOptions } from './start-options.ts';

const pollMs = 500;
const backWithinMs = 300_000;

/** Whether a service lives already: a second start resumes it. */
export async function hasServices(endpoints: Endpoints): Promise<boolean> {
  return (await listServices(endpoints)).length > 0;
}

/** Installs the service by the CLI, as a user would, and shows the plan live until it is complete. */
export function installService(options: StartOptions, endpoints: Endpoints): Promise<void> {
  const file = options.optionsFile === undefined ? [] : [`--options=${options.optionsFile}`];
  return warden(endpoints, ['package', 'install', 'kafka', ...file, '--wait', '--timeout', '20m']);
}

/**
 * Waits until every service is back: its plan complete, no recovery under way, all its brokers registered. A plan that
 * was interrupted by the stop is shown live.
 */
export async function awaitServices(endpoints: Endpoints): Promise<void> {
  const until = Date.now() + backWithinMs;
  for (const { name, brokers } of await listServices(endpoints)) {
    await warden(endpoints, ['plan', 'status', 'deploy', '--watch', '--name', name]);
    while (!(await isBack(endpoints, name, brokers))) {
      if (Date.now() > until)
        throw new StartError(
          `service ${name} is not back after ${backWithinMs / 1000} s: npx warden plan status recovery --name ${name}`,
        );
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }
}

/** Of each service its name and how many brokers it has. */
async function listServices(endpoints: Endpoints): Promise<{ name: string; brokers: number }[]> {
  const answer = await get(endpoints, '/services');
  return Array.isArray(answer) ? answer : [];
}

async function isBack(endpoints: Endpoints, name: string, brokers: number): Promise<boolean> {
  const registered = await get(endpoints, `/service/${name}/v1/brokers`);
  const plans = await get(endpoints, `/service/${name}/v1/plans`);
  const allRegistered = Array.isArray(registered) && registered.length === brokers;
  return allRegistered && Array.isArray(plans) && !plans.includes('recovery');
}

async function get(endpoints: Endpoints, path: string): Promise<unknown> {
  const response = await fetch(`${endpoints.api}${path}`, { headers: { authorization: `token=${endpoints.token}` } });
  if (!response.ok) {
    await response.body?.cancel();
    return undefined;
  }
  return response.json();
}

function warden(endpoints: Endpoints, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawnChild(process.execPath, [join(root, 'dist', 'cli', 'warden.mjs'), ...args], {
      cwd: root,
      env: { ...process.env, WARDEN_URL: endpoints.api, WARDEN_TOKEN: endpoints.token },
      // Progress belongs to the terminal; our own stdout stays free.
      stdio: ['ignore', 2, 2],
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new StartError(`warden ${args.join(' ')} ended with exit code ${code}`));
    });
  });
}
