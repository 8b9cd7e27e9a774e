import { lookAtKafka } from '../../lib/operations/look-at-kafka.ts';
import { applyProperties } from '../../lib/operations/node/apply-properties.ts';
import { awaitInSync } from '../../lib/operations/node/await-in-sync.ts';
import { joinQuorum } from '../../lib/operations/node/join-quorum.ts';
import { mayStop } from '../../lib/operations/node/may-stop.ts';
import { explainWait, type NodeStepPorts } from '../../lib/operations/node/node-step.ts';
import { releaseRegistration } from '../../lib/operations/node/release-registration.ts';
import type { Pause } from '../../lib/ports/clock.ts';
import type { KafkaAdmin } from '../../lib/ports/kafka-admin.ts';
import { runNodeStep } from './node-step-handler.ts';
import { polling } from './poll-node-step.ts';
import { checkPayload, pick, type StepFunction, type StepTable } from './step-table.ts';

export type KafkaStepPorts = NodeStepPorts & { readonly kafka: KafkaAdmin; readonly pause: Pause };

/** The steps of the kafka group: they reach brokers and the table, and nothing else of AWS. */
export function kafkaSteps(ports: KafkaStepPorts): StepTable {
  return {
    nodeSteps: {
      'May stop': (request) => mayStop(ports, request),
      'Release registration': (request) => releaseRegistration(ports, request),
      'Join quorum': (request) => joinQuorum(ports, request),
      'Apply properties': (request) => applyProperties(ports, request),
      'Await in sync': (request) => awaitInSync(ports, request),
    },
    serviceSteps: {
      'Ask Kafka': async ({ service }) => {
        await lookAtKafka(ports, service);
        return {};
      },
    },
  };
}

/** What the function StepsKafka does with a payload. */
export function createKafkaHandler(ports: KafkaStepPorts): StepFunction {
  const { nodeSteps, serviceSteps } = kafkaSteps(ports);
  return (payload) => {
    const serviceStep = serviceSteps[payload.step];
    if (serviceStep !== undefined) return serviceStep(payload);
    const request = checkPayload(payload);
    const step = polling(ports, pick(nodeSteps, request.step), async (waiting, result) => {
      if (result.type === 'not ready') await explainWait(ports, waiting, result.reason);
    });
    return runNodeStep(ports, step, request);
  };
}
