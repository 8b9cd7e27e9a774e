import type { HealthCheckOptions } from '../../lib/model/service/options.ts';

/** What a document that says nothing of health checks resolves to. Source: DC/OS Kafka guide 1.x. */
export const healthCheckDefaults: HealthCheckOptions = {
  enable_health_check: true,
  health_check_delay_sec: 15,
  health_check_interval_sec: 10,
  health_check_timeout_sec: 20,
  health_check_grace_period_sec: 10,
  health_check_max_consecutive_failures: 3,
};
