import type { Watch } from './invariant.ts';

/** The quotas of an account make plans slower, and never fail one. */
export const noPlanFailsForItsPace: Watch = ({ stepFunctions }) => ({
  rule: 'I15: no execution fails because AWS was asked too often',
  nowAndThen() {
    const throttled = stepFunctions
      .executions()
      .find(({ status, error = '' }) => status === 'FAILED' && /Throttl|TooMany|RequestLimit|Rate/.test(error));
    return throttled === undefined ? undefined : `${throttled.machine} ${throttled.name} failed: ${throttled.error}`;
  },
});
