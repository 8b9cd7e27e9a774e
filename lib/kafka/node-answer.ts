import type { ApiAnswer } from '../ports/kafka-admin.ts';
import { askNodes, type Nodes } from './ask-nodes.ts';

/** See the port. Opening a connection asks for the versions, so an open connection is the answer. */
export async function readApiAnswer(nodes: Nodes): Promise<ApiAnswer> {
  const plan = { ...nodes, atOnce: 1, enough: 1, graceMs: 0 };
  const { answered, silent } = await askNodes(plan, async ({ apiVersions }) => apiVersions);
  const [answer] = answered;
  if (answer === undefined) return { type: 'silent', reason: silent.map(({ reason }) => reason).join('; ') };
  return {
    type: 'answers',
    finalizedFeatures: answer.value.finalizedFeatures.map(({ name, maxVersionLevel }) => ({
      name,
      level: maxVersionLevel,
    })),
    supportedFeatures: answer.value.supportedFeatures.map(({ name, maxVersion }) => ({ name, level: maxVersion })),
  };
}
