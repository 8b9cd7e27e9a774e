import type { ElectionResult } from '../ports/kafka-admin.ts';
import { askFirst, type Nodes } from './ask-nodes.ts';
import { codeNameOf, KafkaResponseError } from './kafka-errors.ts';

const preferredElection = 0;
const electionNotNeeded = 84;

/** See the port. Of a repetition after an unknown outcome, `changed` names only what the repetition changed. */
export function electPreferred(nodes: Nodes): Promise<ElectionResult> {
  return askFirst(nodes, async (connection) => {
    const answer = await connection.call('ElectLeaders', {
      electionType: preferredElection,
      // Null stands for every partition.
      topicPartitions: null,
      timeoutMs: Math.floor(nodes.options.requestTimeoutMs * 0.8),
    });
    if (answer.errorCode !== 0) throw new KafkaResponseError('ElectLeaders', answer.errorCode);
    const results = answer.replicaElectionResults.flatMap(({ topic, partitionResult }) =>
      partitionResult.map((result) => ({ ...result, topic })),
    );
    const failed = results.filter(({ errorCode }) => errorCode !== 0 && errorCode !== electionNotNeeded);
    return {
      changed: results
        .filter(({ errorCode }) => errorCode === 0)
        .map(({ topic, partitionId }) => ({ topic, partition: partitionId })),
      failed: failed.map(({ topic, partitionId, errorCode, errorMessage }) => ({
        topic,
        partition: partitionId,
        codeName: codeNameOf(errorCode),
        message: errorMessage ?? codeNameOf(errorCode),
      })),
    };
  });
}
