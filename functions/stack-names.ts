import { createRoute53Names } from '../lib/aws/route53-names.ts';
import type { NamesPorts } from '../lib/ports/names.ts';
import { environmentValue, optionalEnvironmentValue } from './environment-value.ts';

/** The private zone of the stack, if it is deployed with one. */
export function stackNames(): NamesPorts {
  const zone = optionalEnvironmentValue('WARDEN_ZONE');
  if (zone === undefined) return {};
  return { names: createRoute53Names({ zone, hostedZoneId: environmentValue('WARDEN_HOSTED_ZONE') }) };
}
