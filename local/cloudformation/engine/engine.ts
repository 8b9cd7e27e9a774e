import type { Cloud } from '../../core/service.ts';
import type { ResourceDriver } from '../resource-driver.ts';
import type { Store } from '../store.ts';

/** What every step of an operation works with. */
export interface Engine {
  readonly cloud: Cloud;
  readonly store: Store;
  readonly findDriver: (type: string) => ResourceDriver | undefined;
  /** Aborted when the cloud stops: nothing is stored any more, and the next start goes on. */
  readonly stopping: AbortSignal;
}

/** Thrown out of an operation whose cloud is stopping. */
export class Stopping extends Error {
  constructor() {
    super('the cloud is stopping');
    this.name = 'Stopping';
  }
}

export function throwIfStopping(engine: Engine): void {
  if (engine.stopping.aborted) throw new Stopping();
}

/** The driver of a type that the template was checked for. */
export function driverOf(engine: Engine, type: string): ResourceDriver {
  const driver = engine.findDriver(type);
  if (driver === undefined) throw new Error(`Resource type ${type} is not in the local cloud.`);
  return driver;
}
