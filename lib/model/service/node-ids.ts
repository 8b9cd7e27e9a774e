import { brokerIds, controllerIds, type NodeIds } from '../node.ts';
import type { ServiceOptions } from './options.ts';

/** The nodes that a service of these options has. */
export function nodeIdsOf({ brokers, controllers }: ServiceOptions): NodeIds {
  const ids = brokerIds(brokers.count);
  return { brokerIds: ids, controllerIds: controllers.mode === 'combined' ? ids : controllerIds(controllers.count) };
}
