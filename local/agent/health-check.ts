import { spawn } from 'node:child_process';
import type { Health, HealthCheckOrder } from '../hosts/protocol.ts';
import type { Launch } from './container-process.ts';

/** What to run in which container, how often, and whom to tell. */
export interface HealthCheck {
  readonly order: HealthCheckOrder;
  readonly launch: Launch;
  readonly report: (health: Health) => void;
}

/**
 * Asks for a container's health as docker does: failures within the start period do not count until one success.
 * Answers the function that ends it.
 */
export function watchHealth(check: HealthCheck): () => void {
  const { intervalSeconds, retries, startPeriodSeconds } = check.order;
  const graceEndsAt = Date.now() + startPeriodSeconds * 1000;
  const seen = { success: false, failures: 0, busy: false };
  const look = async (): Promise<void> => {
    if (seen.busy) return;
    seen.busy = true;
    const isHealthy = await succeeds(check);
    seen.busy = false;
    if (isHealthy) {
      seen.success = true;
      seen.failures = 0;
      check.report('HEALTHY');
    } else if (seen.success || Date.now() > graceEndsAt) {
      seen.failures += 1;
      if (seen.failures >= retries) check.report('UNHEALTHY');
    }
  };
  const timer = setInterval(() => void look(), intervalSeconds * 1000);
  return () => clearInterval(timer);
}

function succeeds({ launch, order }: HealthCheck): Promise<boolean> {
  const [program = '', ...rest] = launch.arguments;
  const child = spawn(program, rest, {
    cwd: launch.folder,
    env: { ...launch.environment },
    stdio: 'ignore',
    timeout: order.timeoutSeconds * 1000,
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code === 0));
    // The program is missing, which is a failed check as any other.
    child.once('error', () => resolve(false));
  });
}
