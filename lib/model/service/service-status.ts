import { findPlan, type StoredService } from '../plan/find-plan.ts';

/** What a service does as a whole. ERROR: its plan cannot go on by itself. */
export type ServiceStatus = 'DEPLOYING' | 'RUNNING' | 'RECOVERING' | 'UNINSTALLING' | 'UNINSTALLED' | 'ERROR';

/** The one word for a service; derived, never stored. */
export function serviceStatus(service: StoredService): ServiceStatus {
  if (service.type === 'uninstalled') return 'UNINSTALLED';
  const status = findPlan(service, 'deploy')?.status;
  if (status === 'ERROR') return 'ERROR';
  if (service.state.wish.uninstall !== undefined) return 'UNINSTALLING';
  if (findPlan(service, 'recovery') !== undefined) return 'RECOVERING';
  return status === 'COMPLETE' ? 'RUNNING' : 'DEPLOYING';
}
