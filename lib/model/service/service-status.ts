import { findPlan, type StoredService } from '../plan/find-plan.ts';

/** What a service does as a whole. ERROR: its plan cannot go on by itself; an update that was refused hinders no plan. */
export type ServiceStatus =
  | 'DEPLOYING'
  | 'RUNNING'
  | 'RECOVERING'
  | 'HIBERNATING'
  /** Nothing of it runs until it is resumed. */
  | 'HIBERNATED'
  | 'UNINSTALLING'
  | 'UNINSTALLED'
  | 'ERROR';

/** The one word for a service; derived, never stored. */
export function serviceStatus(service: StoredService): ServiceStatus {
  if (service.type === 'uninstalled') return 'UNINSTALLED';
  const status = findPlan(service, 'deploy')?.ownStatus;
  if (status === 'ERROR') return 'ERROR';
  if (service.state.wish.uninstall !== undefined) return 'UNINSTALLING';
  if (service.state.wish.hibernates === true) return status === 'COMPLETE' ? 'HIBERNATED' : 'HIBERNATING';
  if (findPlan(service, 'recovery') !== undefined) return 'RECOVERING';
  return status === 'COMPLETE' ? 'RUNNING' : 'DEPLOYING';
}
