import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AutoScaling, type AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2, type EC2Client } from '@aws-sdk/client-ec2';
import { ECS, type ECSClient } from '@aws-sdk/client-ecs';
import type { CallFunction } from '../../../../local/core/service.ts';

/** A small cloud in a process of its own, reached over the wire. */
export interface CloudProcess {
  readonly call: CallFunction;
  /** kill -9. */
  readonly kill: () => Promise<void>;
  /** Ends as Ctrl-C does; resolves when the process has ended. */
  readonly stop: () => Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('./small-cloud-main.ts', import.meta.url));

export async function startCloudProcess(options: {
  readonly port: number;
  readonly dataFolder: string;
  readonly addressPrefix: string;
}): Promise<CloudProcess> {
  const child = spawn(process.execPath, [PROGRAM, String(options.port), options.dataFolder, options.addressPrefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
  });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  await Promise.race([
    once(lines, 'line'),
    ended.then(() => Promise.reject(new Error('the cloud process ended at once'))),
  ]);
  const clients = wireClients(`http://127.0.0.1:${options.port}`);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
    for (const client of Object.values(clients)) client.destroy();
  };
  const call: CallFunction = async (service, operation, input) => {
    // biome-ignore lint/suspicious/noExplicitAny: the aggregated clients have one method per operation
    const client = (clients as Record<string, any>)[service];
    return client[operation.charAt(0).toLowerCase() + operation.slice(1)](input);
  };
  return { call, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

function wireClients(
  endpoint: string,
): Record<'ec2' | 'ecs' | 'autoscaling', EC2Client | ECSClient | AutoScalingClient> {
  const config = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' } };
  return { ec2: new EC2(config), ecs: new ECS(config), autoscaling: new AutoScaling(config) };
}
