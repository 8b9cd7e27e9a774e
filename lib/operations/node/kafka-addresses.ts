import { strict as assert } from 'node:assert';
import { controllerPlaces } from '../../model/broker/controller-places.ts';
import type { ServiceConfig } from '../../model/service/config.ts';
import type { ServiceState } from '../../model/state.ts';
import type { KafkaAddress, KafkaAddresses } from '../../ports/kafka-admin.ts';
import type { Store } from '../../ports/store.ts';

export interface ServiceAddresses {
  readonly brokers: KafkaAddresses;
  readonly controllers: KafkaAddresses;
  readonly config: ServiceConfig;
}

/** Where the nodes of a service listen, of those that were placed. Ports never change, so the target config has them. */
export async function kafkaAddresses(ports: { readonly store: Store }, state: ServiceState): Promise<ServiceAddresses> {
  const config = await ports.store.readConfig(state.target.service, state.target.configId);
  assert(config !== undefined, `config ${state.target.configId} is kept while its service lives`);
  const { brokers, controllers } = config.options;
  return {
    config,
    brokers: brokerAddresses(state, brokers.port),
    controllers: controllerPlaces(state).map(({ host }) => ({
      host: host.address,
      port: controllers.port,
    })),
  };
}

function brokerAddresses(state: ServiceState, port: number): KafkaAddress[] {
  return state.target.brokerIds.flatMap((nodeId) => {
    const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
    return goal?.host === undefined || goal.launch === undefined ? [] : [{ host: goal.host.address, port }];
  });
}
