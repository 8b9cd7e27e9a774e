import { openPorts } from './option-schema.ts';
import type { ServiceOptions } from './options.ts';

/** A port that is in use by another service. */
export interface TakenPort {
  readonly pointer: string;
  readonly port: number;
  readonly service: string;
}

export type PortChoice =
  | { readonly type: 'chosen'; readonly options: ServiceOptions; readonly ports: readonly number[] }
  | { readonly type: 'taken'; readonly taken: readonly TakenPort[] }
  | { readonly type: 'none free' };

/**
 * Gives each role a port: the one that was asked for if no service claims it, or for 0 the lowest free one. All brokers
 * of a service listen on one port, all its controllers on another.
 */
export function choosePorts(
  options: ServiceOptions,
  claims: readonly { readonly port: number; readonly service: string }[],
): PortChoice {
  const wanted = [
    { pointer: '/brokers/port', port: options.brokers.port },
    { pointer: '/controllers/port', port: options.controllers.port },
  ];
  const taken = wanted.flatMap(({ pointer, port }) => {
    const claim = claims.find((candidate) => candidate.port === port);
    return claim === undefined ? [] : [{ pointer, port, service: claim.service }];
  });
  if (taken.length > 0) return { type: 'taken', taken };
  const used = new Set([...claims.map(({ port }) => port), ...wanted.map(({ port }) => port)]);
  const brokersPort = options.brokers.port === 0 ? lowestFree(used) : options.brokers.port;
  if (brokersPort === undefined) return { type: 'none free' };
  used.add(brokersPort);
  const controllersPort = options.controllers.port === 0 ? lowestFree(used) : options.controllers.port;
  if (controllersPort === undefined) return { type: 'none free' };
  return {
    type: 'chosen',
    ports: [brokersPort, controllersPort],
    options: {
      ...options,
      brokers: { ...options.brokers, port: brokersPort },
      controllers: { ...options.controllers, port: controllersPort },
    },
  };
}

function lowestFree(used: ReadonlySet<number>): number | undefined {
  for (let port: number = openPorts.least; port <= openPorts.most; port++) if (!used.has(port)) return port;
  return undefined;
}
