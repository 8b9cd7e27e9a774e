import type { KafkaReassignment } from '../ports/kafka-admin.ts';
import { askFirst, type Nodes } from './ask-nodes.ts';
import { KafkaResponseError } from './kafka-errors.ts';

/** See the port. The broker passes the question on to the active controller, so the answer is current. */
export function readReassignments(nodes: Nodes): Promise<readonly KafkaReassignment[]> {
  return askFirst(nodes, async (connection) => {
    const answer = await connection.call('ListPartitionReassignments', { topics: null });
    if (answer.errorCode !== 0) {
      throw new KafkaResponseError('ListPartitionReassignments', answer.errorCode, answer.errorMessage);
    }
    return answer.topics.flatMap(({ name, partitions }) =>
      partitions.map((partition) => ({
        topic: name,
        partition: partition.partitionIndex,
        replicas: partition.replicas,
        adding: partition.addingReplicas,
        removing: partition.removingReplicas,
      })),
    );
  });
}
