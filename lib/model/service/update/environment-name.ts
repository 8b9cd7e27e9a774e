/** Where the environment of the scheduler spells an option otherwise. Source: DC/OS Kafka guide 1.x. */
const names: Readonly<Record<string, string>> = {
  '': 'OPTIONS',
  '/packageVersion': 'PACKAGE_VERSION',
  '/service/name': 'FRAMEWORK_NAME',
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
