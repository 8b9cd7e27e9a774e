import type { HealthValue } from '../model/health/health.ts';

/** The HTTP status of a health: its value, unless HTTP lets that status have no body. */
export function healthStatus(value: HealthValue): number {
  return value === 204 || value === 205 ? 200 : value;
}
