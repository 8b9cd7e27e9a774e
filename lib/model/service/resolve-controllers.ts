import type { Refusal } from '../refusal.ts';
import { optionSchema } from './option-schema.ts';
import type { ControllersMode, ServiceOptions } from './options.ts';
import { type Reading, readSection } from './read-section.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads the section of the controllers. One broker of which nothing else is said is its own controller. In combined
 * mode no option but the port has an effect, so any other is refused unless it says what is shown anyway.
 */
export function resolveControllers(given: unknown, brokerCount: number): Reading<ServiceOptions['controllers']> {
  const members = isObject(given) ? given : {};
  const isCombined = given === undefined ? brokerCount === 1 : members['mode'] === 'combined';
  if (!isCombined) return withMode(given, 'dedicated');
  const { count, ...others } = members;
  const reading = withMode(isObject(given) ? others : given, 'combined');
  return {
    value: { ...reading.value, count: 0 },
    refusals: [...reading.refusals, ...oneNode(brokerCount), ...idleOptions({ ...others, count }, reading)],
  };
}

function withMode(given: unknown, mode: ControllersMode): Reading<ServiceOptions['controllers']> {
  const { value, refusals } = readSection(optionSchema.controllers, ['controllers'], given);
  return { value: { ...value, mode }, refusals };
}

/** Combined mode means one node: two would be two quorums. */
function oneNode(brokerCount: number): readonly Refusal[] {
  if (brokerCount === 1) return [];
  return [
    {
      pointer: '/controllers/mode',
      value: 'combined',
      message: `combined mode means one node, and brokers.count is ${brokerCount}`,
      allowed: 'dedicated',
      hint: 'set controllers.mode to dedicated, or brokers.count to 1',
    },
  ];
}

function idleOptions(members: Members, { value }: Reading<ServiceOptions['controllers']>): readonly Refusal[] {
  const { cpus, mem, disk, heap, failover_delay, failover_max_delay } = optionSchema.controllers.fields;
  const idle = [
    { name: 'count', given: members['count'], shown: 0 },
    { name: 'cpus', given: value.cpus, shown: cpus.default },
    { name: 'mem', given: value.mem, shown: mem.default },
    { name: 'disk', given: value.disk, shown: disk.default },
    { name: 'heap/size', given: value.heap.size, shown: heap.fields.size.default },
    { name: 'failover_delay', given: value.failover_delay, shown: failover_delay.default },
    { name: 'failover_max_delay', given: value.failover_max_delay, shown: failover_max_delay.default },
    { name: 'failover_max_tries', given: value.failover_max_tries, shown: undefined },
  ];
  return idle
    .filter(({ given, shown }) => given !== undefined && given !== shown)
    .map(({ name, given }) => ({
      pointer: `/controllers/${name}`,
      value: given,
      message: `controllers.${name.replace('/', '.')} has no effect in combined mode: the broker is the controller`,
      allowed: 'only mode and port',
      hint: 'leave it out and choose the resources of the node under brokers, or set controllers.mode to dedicated',
    }));
}

function isObject(given: unknown): given is Members {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}
