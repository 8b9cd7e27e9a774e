import type { LocalService } from '../core/service.ts';
import { CATALOG, type ServiceDescription } from './catalog.ts';
import type { ServiceModule } from './operation.ts';

/** A service of this cloud together with the schemas that its wire form follows. */
export interface HostedService {
  readonly service: LocalService;
  readonly description: ServiceDescription;
  readonly module: ServiceModule;
}

/** Loads the schemas of a service. */
export async function hostService(service: LocalService): Promise<HostedService> {
  const description = CATALOG[service.name];
  return { service, description, module: await description.load() };
}
