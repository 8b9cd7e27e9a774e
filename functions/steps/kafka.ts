import { createDynamoStore } from '../../lib/aws/dynamo-store.ts';
import { createKafkaAdmin } from '../../lib/kafka/kafka-admin.ts';
import { awaitInSync } from '../../lib/operations/node/await-in-sync.ts';
import { joinQuorum } from '../../lib/operations/node/join-quorum.ts';
import { mayStop } from '../../lib/operations/node/may-stop.ts';
import { announceWait } from '../../lib/operations/node/node-step.ts';
import { releaseRegistration } from '../../lib/operations/node/release-registration.ts';
import { environmentVariable } from '../environment.ts';
import { pause } from '../pause.ts';
import { type NodeStep, runNodeStep } from './node-step-handler.ts';
import { polling } from './poll-node-step.ts';
import type { StepPayload } from './step-payload.ts';
import { checkPayload, pick } from './step-table.ts';

const ports = {
  store: createDynamoStore({ tableName: environmentVariable('WARDEN_TABLE') }),
  kafka: createKafkaAdmin(),
  clock: Date.now,
  pause,
};

/** The steps of the kafka group: they reach brokers and the table, and nothing else of AWS. */
const steps: Readonly<Record<string, NodeStep>> = {
  'May stop': (request) => mayStop(ports, request),
  'Release registration': (request) => releaseRegistration(ports, request),
  'Join quorum': (request) => joinQuorum(ports, request),
  'Await in sync': (request) => awaitInSync(ports, request),
};

/** Entry point of the function StepsKafka. */
export function handler(payload: StepPayload): Promise<Readonly<Record<string, unknown>>> {
  const request = checkPayload(payload);
  const step = polling(ports, pick(steps, request.step), async (waiting, result) => {
    if (result.type === 'not ready') await announceWait(ports, waiting, { reason: result.reason });
  });
  return runNodeStep(ports, step, request);
}
