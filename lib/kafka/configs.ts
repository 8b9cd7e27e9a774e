import type {
  AlterConfigResult,
  ConfigAlteration,
  ConfigChange,
  ConfigEntry,
  ConfigQuery,
  ConfigResource,
} from '../ports/kafka-admin.ts';
import { askFirst, type Nodes } from './ask-nodes.ts';
import { readResourceConfigs, resourceText, wireResource } from './config-answers.ts';
import { readCluster } from './describe-cluster.ts';
import { codeNameOf, KafkaProtocolError, KafkaResponseError, KafkaUnreachableError } from './kafka-errors.ts';

const setOperation = 0;
const deleteOperation = 1;
/** What Kafka answers to names and values that it does not accept: INVALID_REQUEST, INVALID_CONFIG, POLICY_VIOLATION. */
const refusalCodes: ReadonlySet<number> = new Set([42, 40, 44]);

/** See the port. */
export async function readConfigs(nodes: Nodes, query: ConfigQuery): Promise<readonly ConfigEntry[]> {
  const home = await homeOf(query.resource, nodes);
  return askFirst(home, (connection) => readResourceConfigs(connection, query.resource, query.names ?? null));
}

/** See the port. A change that is already in force is set again, which Kafka takes. */
export async function alterConfigs(nodes: Nodes, alteration: ConfigAlteration): Promise<AlterConfigResult> {
  const { resource, changes, validateOnly = false } = alteration;
  const home = await homeOf(resource, nodes);
  return askFirst(home, async (connection) => {
    const resources = [{ ...wireResource(resource), configs: changes.map(wireChange) }];
    const answer = await connection.call('IncrementalAlterConfigs', { resources, validateOnly });
    const [result] = answer.responses;
    if (result === undefined) throw new KafkaProtocolError(`the change of ${resourceText(resource)} has no result`);
    const { errorCode, errorMessage } = result;
    if (errorCode === 0) return { type: 'altered' };
    if (!refusalCodes.has(errorCode)) {
      throw new KafkaResponseError(`IncrementalAlterConfigs of ${resourceText(resource)}`, errorCode, errorMessage);
    }
    const codeName = codeNameOf(errorCode);
    return { type: 'refused', codeName, message: errorMessage ?? codeName };
  });
}

function wireChange(change: ConfigChange) {
  return change.type === 'set'
    ? { name: change.name, configOperation: setOperation, value: change.value }
    : { name: change.name, configOperation: deleteOperation, value: null };
}

/** A broker alone knows its static config and checks its dynamic one: Kafka refuses its name anywhere else. */
async function homeOf(resource: ConfigResource, nodes: Nodes): Promise<Nodes> {
  if (resource.type !== 'broker') return nodes;
  const { brokers } = await readCluster(nodes);
  const broker = brokers.find(({ id }) => id === resource.id);
  if (broker !== undefined) return { ...nodes, addresses: [{ host: broker.host, port: broker.port }] };
  throw new KafkaUnreachableError(
    `broker ${resource.id} is not registered (registered: ${brokers.map(({ id }) => id).join(', ')}): start it first`,
  );
}
