import type { Refusal } from '../../refusal.ts';
import type { ServiceOptions } from '../options.ts';

/** Two services of one name could not be told apart, by people or in AWS. */
export function nameIsFree({ service }: ServiceOptions, names: readonly string[]): readonly Refusal[] {
  if (!names.includes(service.name)) return [];
  return [
    {
      pointer: '/service/name',
      value: service.name,
      message: `a service named ${service.name} exists`,
      allowed: 'a name that no service of this deployment has',
      hint: 'choose another service.name, or uninstall that service first',
    },
  ];
}
