/** The options of automatic replacement as the 1.x guide has them. */
export const replacementDefaults = {
  enable_replacement: false,
  recover_in_place_grace_period_secs: 1200,
  min_delay_between_recovers_secs: 600,
} as const;
