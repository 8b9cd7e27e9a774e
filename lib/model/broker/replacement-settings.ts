import type { ServiceConfig } from '../service/config.ts';
import { optionSchema } from '../service/option-schema.ts';

/** When Warden replaces nodes of a service by itself. */
export interface ReplacementSettings {
  readonly isEnabled: boolean;
  /** How long a node is down before it is replaced. */
  readonly graceMs: number;
  /** From one replacement to the next. */
  readonly delayMs: number;
}

/** The settings of a config. One that an earlier version of Warden has stored says nothing of them. */
export function replacementSettings({ options }: ServiceConfig): ReplacementSettings {
  const {
    enable_replacement: isEnabled,
    recover_in_place_grace_period_secs: graceSeconds,
    min_delay_between_recovers_secs: delaySeconds,
  }: Partial<ServiceConfig['options']['service']> = options.service;
  const { fields } = optionSchema.service;
  return {
    isEnabled: isEnabled === true,
    graceMs: (graceSeconds ?? fields.recover_in_place_grace_period_secs.default) * 1000,
    delayMs: (delaySeconds ?? fields.min_delay_between_recovers_secs.default) * 1000,
  };
}
