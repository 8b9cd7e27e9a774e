import type { HealthCheckOptions } from '../service/options.ts';

/**
 * What the start command is told of a node's health checks; nothing while they are off. `listeners` are those of the
 * node, `10.0.0.1:9092`: it is healthy while all of them answer.
 */
export function healthCheckEnvironment(
  options: HealthCheckOptions,
  listeners: readonly string[],
): Readonly<Record<string, string>> {
  if (!options.enable_health_check) return {};
  const settings = {
    delay: options.health_check_delay_sec,
    interval: options.health_check_interval_sec,
    timeout: options.health_check_timeout_sec,
    grace: options.health_check_grace_period_sec,
    limit: options.health_check_max_consecutive_failures,
  };
  return {
    WARDEN_HEALTH_CHECK: Object.entries(settings)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
    WARDEN_HEALTH_CHECK_AT: listeners.join(' '),
  };
}
