/** Where the environment of the scheduler spells an option otherwise. Source: DC/OS Kafka guide 1.x. */
const names: Readonly<Record<string, string>> = {
  '': 'OPTIONS',
  '/packageVersion': 'PACKAGE_VERSION',
  '/service/name': 'FRAMEWORK_NAME',
  '/service/enable_health_check': 'ENABLE_BROKER_HEALTH_CHECK',
  '/service/health_check_delay_sec': 'BROKER_HEALTH_CHECK_DELAY_SEC',
  '/service/health_check_interval_sec': 'BROKER_HEALTH_CHECK_INTERVAL_SEC',
  '/service/health_check_timeout_sec': 'BROKER_HEALTH_CHECK_TIMEOUT_SEC',
  '/service/health_check_grace_period_sec': 'BROKER_HEALTH_CHECK_GRACE_SEC',
  '/service/health_check_max_consecutive_failures': 'BROKER_HEALTH_CHECK_MAX_FAILURES',
  '/service/recover_in_place_grace_period_secs': 'RECOVERY_GRACE_PERIOD_SEC',
  '/service/min_delay_between_recovers_secs': 'REPLACE_DELAY_SEC',
  '/brokers/disk_type': 'DISK_TYPE',
  '/brokers/heap/size': 'BROKER_HEAP_MB',
  '/controllers/heap/size': 'CONTROLLER_HEAP_MB',
};

/**
 * The environment variable that stands for an option in the 1.x guide, and what it would be for options that are
 * Warden's own. Takes a JSON pointer into the options document.
 */
export function environmentName(pointer: string): string {
  if (Object.hasOwn(names, pointer)) return names[pointer] ?? '';
  const path = pointer
    .replace(/^\/kafka\//, '/kafka_override/')
    .replace(/^\/service\//, '/')
    .replace(/^\/(broker|controller)s\//, '/$1/');
  return path.slice(1).replaceAll(/\W/g, '_').toUpperCase();
}
