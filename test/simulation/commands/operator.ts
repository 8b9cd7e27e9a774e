import type { HttpRequest } from '../cloud/api-request.ts';
import type { Command } from './command.ts';

export interface WantedService {
  readonly name: string;
  readonly brokers: number;
  readonly controllers: 'combined' | number;
  /** When Warden replaces nodes by itself. Absent: never. */
  readonly replacement?: {
    readonly enable_replacement: true;
    readonly recover_in_place_grace_period_secs: number;
    readonly min_delay_between_recovers_secs: number;
  };
  /** Of all nodes. Absent: the defaults. */
  readonly failover?: {
    readonly failover_delay?: string;
    readonly failover_max_delay?: string;
    readonly failover_max_tries?: number;
  };
}

/** POST /services */
export function install({ name, brokers, controllers, failover, replacement }: WantedService): Command {
  const options = {
    service: { name, ...replacement },
    brokers: { count: brokers, ...failover },
    controllers: controllers === 'combined' ? { mode: 'combined' } : { count: controllers, ...failover },
  };
  return {
    what: `install ${name}: ${brokers} brokers, controllers ${controllers}`,
    act: async ({ send }) => void (await send({ method: 'POST', path: '/services', body: { options } })),
  };
}

/** DELETE /service/{name} */
export function uninstall(name: string, keepVolumes: boolean): Command {
  const query = { confirm: name, ...(keepVolumes ? { keepVolumes: 'true' } : {}) };
  return {
    what: `uninstall ${name}${keepVolumes ? ', volumes kept' : ''}`,
    act: async ({ send }) => void (await send({ method: 'DELETE', path: `/service/${name}`, query })),
  };
}

/** Requests that must be refused, whatever the state. */
const wrongRequests: readonly [HttpRequest, ...HttpRequest[]] = [
  { method: 'POST', path: '/services', body: '{"options":' },
  { method: 'POST', path: '/services', body: { options: { brokers: { count: -1 } } } },
  { method: 'POST', path: '/services', body: { options: { brokers: { cout: 3 } } } },
  { method: 'POST', path: '/services', body: { options: { service: { name: 'No Name' } } } },
  { method: 'POST', path: '/services', body: { options: { kafka: { log_dirs: '/etc' } } } },
  { method: 'POST', path: '/services', body: { options: { controllers: { count: 2 } } } },
  { method: 'DELETE', path: '/service/kafka' },
  { method: 'DELETE', path: '/service/kafka', query: { confirm: 'orders' } },
  { method: 'GET', path: '/service/absent' },
  { method: 'GET', path: '/nowhere' },
];

/** A request that must be refused. */
export const askWrongly: Command = {
  what: 'ask wrongly',
  act: async ({ send, world }, random) => {
    const request = random.pick(wrongRequests);
    const { status } = await send(request);
    if (status >= 200 && status < 300) {
      world.violations.push({
        rule: 'I12: a wrong request is refused',
        story: `${request.method} ${request.path} ${JSON.stringify(request.body ?? '')} was answered ${status}`,
      });
    }
  },
};

/** Somebody looks at everything that is shown; a look changes nothing and meets no bug. */
export const lookAround: Command = {
  what: 'look around',
  act: async ({ send, world }) => {
    const names = world.aws.items().flatMap((item) => (item['pk'] === 'SERVICES' ? [String(item['sk'])] : []));
    const paths = names.flatMap((name) => [
      `/service/${name}`,
      `/service/${name}/v1/plans`,
      `/service/${name}/v1/plans/deploy`,
      `/service/${name}/v1/endpoints`,
      `/service/${name}/v1/brokers`,
    ]);
    for (const path of ['/services', '/v1/hosts', ...paths]) await send({ method: 'GET', path });
  },
};
