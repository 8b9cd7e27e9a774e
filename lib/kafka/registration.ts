import type { UnregisterResult } from '../ports/kafka-admin.ts';
import type { Nodes } from './ask-nodes.ts';
import { KafkaResponseError } from './kafka-errors.ts';
import { withLeader } from './quorum.ts';

const brokerIdNotRegistered = 102;

/** See the port. */
export function releaseRegistration(nodes: Nodes, id: number): Promise<UnregisterResult> {
  return withLeader(nodes, async (connection) => {
    const { errorCode, errorMessage } = await connection.call('UnregisterBroker', { brokerId: id });
    if (errorCode === 0) return { type: 'unregistered' };
    if (errorCode === brokerIdNotRegistered) return { type: 'not registered' };
    throw new KafkaResponseError(`UnregisterBroker of broker ${id}`, errorCode, errorMessage);
  });
}
