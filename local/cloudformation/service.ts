import type { Cloud, LocalService } from '../core/service.ts';
import type { Engine } from './engine/engine.ts';
import { createChangeSetHandlers } from './operations/change-sets.ts';
import { createDescribeHandlers } from './operations/describe.ts';
import { createRunner } from './operations/runner.ts';
import { createStackHandlers } from './operations/stacks.ts';
import { refuseOtherMembers } from './operations/taken-members.ts';
import { createTemplateHandlers } from './operations/templates.ts';
import type { ResourceDriver } from './resource-driver.ts';
import { createDrivers } from './resources/drivers.ts';
import { createResponseListener } from './resources/response-listener.ts';
import { openStore } from './store.ts';

export interface CloudformationOptions {
  /** The clock in epoch milliseconds. */
  readonly now?: () => number;
  /** Drivers in place of those of this folder; for tests of the engine. */
  readonly drivers?: readonly ResourceDriver[];
}

/**
 * CloudFormation over the other services of the cloud: whatever it makes, it makes by calling them. Stacks, resources,
 * change sets and the operation in progress are stored, so that a start after a kill goes on with the operation.
 */
export function createCloudformationService(cloud: Cloud, options: CloudformationOptions = {}): LocalService {
  const store = openStore(cloud.dataFolder, options.now ?? Date.now);
  const stopping = new AbortController();
  const listener = createResponseListener();
  const drivers = options.drivers ?? createDrivers(listener);
  const byType = new Map(drivers.map((driver) => [driver.type, driver] as const));
  const customResource = byType.get('AWS::CloudFormation::CustomResource');
  const findDriver = (type: string) => byType.get(type) ?? (type.startsWith('Custom::') ? customResource : undefined);
  const engine: Engine = { cloud, store, findDriver, stopping: stopping.signal };
  const runner = createRunner(engine);
  return {
    name: 'cloudformation',
    handlers: refuseOtherMembers({
      ...createChangeSetHandlers(engine, runner),
      ...createStackHandlers(engine, runner),
      ...createDescribeHandlers(engine),
      ...createTemplateHandlers(engine),
    }),
    start: () => runner.resume(),
    stop: async () => {
      stopping.abort();
      await listener.close();
      await runner.idle();
    },
  };
}
