import type { ConfigDocument } from '../../lib/contract/config-schema.ts';
import { isUuid } from '../../lib/contract/is-uuid.ts';
import { kafkaDefinitions } from '../../lib/model/kafka/definitions.ts';
import { configsByAge } from '../../lib/model/plan/configs-by-age.ts';
import { kafkaVersionOf, type ServiceConfig } from '../../lib/model/service/config.ts';
import { effectiveKafkaProperties } from '../../lib/model/service/kafka-defaults.ts';
import type { NodeOptions } from '../../lib/model/service/options.ts';
import type { Store } from '../../lib/ports/store.ts';
import { json, problem } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { readTargetConfig, withLivingService } from './stored-service.ts';

interface ConfigPorts {
  readonly store: Store;
}

/** GET …/configurations */
export function listConfigs({ store }: ConfigPorts): ApiHandler {
  return ({ service }) =>
    withLivingService(store, service, async ({ plans }) =>
      json(200, configsByAge(await store.listConfigIds(service), plans)),
    );
}

/** GET …/configurations/targetId */
export function getTargetConfigId({ store }: ConfigPorts): ApiHandler {
  return ({ service }) => withLivingService(store, service, async ({ target }) => json(200, [target.configId]));
}

/** GET …/configurations/target */
export function getTargetConfig({ store }: ConfigPorts): ApiHandler {
  return ({ service }) =>
    withLivingService(store, service, async (state) =>
      json(200, documentOf(service, await readTargetConfig(store, state))),
    );
}

/** GET …/configurations/{id}: 400 for what is no UUID, 404 for one that no configuration has. */
export function getConfig({ store }: ConfigPorts): ApiHandler {
  return ({ service, pathParameters }) =>
    withLivingService(store, service, async () => {
      const { id = '' } = pathParameters;
      if (!isUuid(id)) {
        const detail = `${id} is no id of a configuration, which is a UUID such as 319ebe89-42e2-40e2-9169-8568e2421023`;
        return problem({ kind: 'bad-request', status: 400, detail });
      }
      const config = await store.readConfig(service, id.toLowerCase());
      if (config !== undefined) return json(200, documentOf(service, config));
      const detail = `Service ${service} has no configuration ${id}. GET …/v1/configurations lists the ids`;
      return problem({ kind: 'not-found', status: 404, detail });
    });
}

function documentOf(service: string, { id, packageVersion, options }: ServiceConfig): ConfigDocument {
  const { count, ...broker } = options.brokers;
  return {
    id,
    name: service,
    packageVersion,
    'pod-specs': [
      podSpec({ type: 'controller', task: 'controller', diskType: 'ROOT' }, options.controllers),
      podSpec({ type: 'kafka', task: 'broker', diskType: options.brokers.disk_type }, options.brokers),
    ].filter((pod) => pod.count > 0),
    brokerConfiguration: { ...broker },
    kafkaConfiguration: { ...effectiveKafkaProperties(options, kafkaDefinitions(kafkaVersionOf(packageVersion))) },
    serviceConfiguration: { ...options.service, count },
    controllerConfiguration: { ...options.controllers },
    options: { ...options },
  };
}

function podSpec(
  { type, task, diskType }: { readonly type: string; readonly task: string; readonly diskType: string },
  { count, cpus, mem, disk, port }: NodeOptions,
): ConfigDocument['pod-specs'][number] {
  return {
    type,
    count,
    'task-specs': [
      {
        name: task,
        goal: 'RUNNING',
        'resource-set': {
          id: `${task}-resource-set`,
          'resource-specifications': [amount('cpus', cpus), amount('mem', mem), amount('ports', port)],
          'volume-specifications': [{ ...amount('disk', disk), type: diskType }],
        },
      },
    ],
  };
}

function amount(name: string, value: number) {
  return { name, value: { type: 'SCALAR' as const, scalar: { value } } };
}
