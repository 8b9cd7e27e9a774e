import type { Names, NamesPorts } from '../../ports/names.ts';

/** The stack is deployed without the zone that a service was installed with. */
class ZoneMissingError extends Error {
  override readonly name = 'ZoneMissing';
  readonly code = 'WARDEN_ZONE_MISSING';
  readonly retriable = false;
}

/**
 * The names of the zone that a service was installed with; it keeps it for life.
 * @throws ZoneMissingError when the stack is deployed without it
 */
export function zoneOfService(ports: NamesPorts, named: { readonly service: string; readonly zone: string }): Names {
  if (ports.names?.zone === named.zone) return ports.names;
  const has = ports.names === undefined ? 'no private zone' : `the zone ${ports.names.zone}`;
  throw new ZoneMissingError(
    `${named.service} was installed with names in ${named.zone}, but this stack has ${has}: deploy it with -c warden:zone=${named.zone}`,
  );
}
