import type { ServiceWish } from './state.ts';

/** Whether nothing of the service may be started: it goes away, or hibernates until an operator resumes it. */
export function isWantedDown({ uninstall, hibernates }: Pick<ServiceWish, 'uninstall' | 'hibernates'>): boolean {
  return uninstall !== undefined || hibernates === true;
}
