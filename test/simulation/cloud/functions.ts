import { Logger } from '@aws-lambda-powertools/logger';
import type { Context, EventBridgeEvent } from 'aws-lambda';
import type { ApiEvent } from '../../../functions/api/api-request.ts';
import { awsHandlers } from '../../../functions/api/aws-handlers.ts';
import { commandHandlers } from '../../../functions/api/command-handlers.ts';
import { createApi } from '../../../functions/api/create-api.ts';
import { type DeploymentApiPorts, deploymentHandlers } from '../../../functions/api/deployment-handlers.ts';
import { kafkaHandlers } from '../../../functions/api/kafka-handlers.ts';
import { createEventsHandler } from '../../../functions/events/events-handler.ts';
import { createAwsHandler } from '../../../functions/steps/aws-steps.ts';
import { createEc2Handler } from '../../../functions/steps/ec2-steps.ts';
import { createKafkaHandler } from '../../../functions/steps/kafka-steps.ts';
import type { StepPayload } from '../../../functions/steps/step-payload.ts';
import { createUpkeepHandler, type UpkeepStepPorts } from '../../../functions/steps/upkeep-steps.ts';
import { createDynamoStore } from '../../../lib/aws/dynamo-store.ts';
import { createEc2Hosts } from '../../../lib/aws/ec2-hosts.ts';
import { createEc2Volumes } from '../../../lib/aws/ec2-volumes.ts';
import { createEcsTasks } from '../../../lib/aws/ecs-tasks.ts';
import { createSfnPlanRunner } from '../../../lib/aws/sfn-plan-runner.ts';
import type { KafkaAdmin } from '../../../lib/ports/kafka-admin.ts';
import type { TaskLogs } from '../../../lib/ports/task-logs.ts';
import { type ModelledService, type SimulatedClock, simulatedPlace } from '../contract.ts';
import type { ExternalCalls } from './external-calls.ts';
import type { Invocation } from './invocation.ts';
import { createKafkaClient } from './kafka-client.ts';
import type { SimulatedFunction } from './lambda.ts';
import { createSdkClient, type SdkService } from './sdk-client.ts';
import type { SimulatedStack } from './stack.ts';
import type { TokenBuckets } from './token-buckets.ts';

/** What the functions reach. */
export interface Reachable {
  readonly clock: SimulatedClock;
  /** A service as one invocation meets it. */
  readonly service: (name: SdkService, invocation: Invocation) => ModelledService;
  readonly kafka: KafkaAdmin;
  readonly onKafka: (invocation: Invocation, operation: string, values: readonly unknown[]) => void;
  readonly calls: ExternalCalls;
  readonly buckets: TokenBuckets;
  readonly newId: () => string;
  /** What the API shows of the deployment itself. */
  readonly deployment: Pick<UpkeepStepPorts, 'deadLetters'> & Pick<DeploymentApiPorts, 'deployment'>;
}

type Create = SimulatedFunction['create'];

/** The modelled processes write no log. */
const silentLogs: TaskLogs = { tail: async () => [] };

/** Its own log is no part of the story. */
const logger = new Logger({ serviceName: 'simulation', logLevel: 'SILENT' });

/**
 * The functions of the template, joined as their entry points join them: real handlers, real operations, real adapters
 * over clients whose `send()` meets the models.
 */
export function joinFunctions(stack: SimulatedStack, reachable: Reachable): readonly SimulatedFunction[] {
  const creators: Readonly<Record<string, Create>> = {
    Api: (invocation) => {
      const ports = { ...base(reachable, invocation), ...reachable.deployment, newId: reachable.newId };
      const api = createApi({ group: 'aws', handlers: awsHandlers(ports), logger });
      return (event) => api(event as ApiEvent, lambdaContext(invocation));
    },
    ApiCommands: (invocation) => {
      const ports = { ...base(reachable, invocation), newId: reachable.newId };
      const api = createApi({ group: 'commands', handlers: commandHandlers(ports), logger });
      return (event) => api(event as ApiEvent, lambdaContext(invocation));
    },
    ApiDeployment: (invocation) => {
      const ports = { ...base(reachable, invocation), ...reachable.deployment, newId: reachable.newId };
      const api = createApi({ group: 'deployment', handlers: deploymentHandlers(ports), logger });
      return (event) => api(event as ApiEvent, lambdaContext(invocation));
    },
    ApiKafka: (invocation) => {
      const { store } = base(reachable, invocation);
      const kafkaAdmin = createKafkaClient(reachable, invocation);
      const api = createApi({ group: 'kafka', handlers: kafkaHandlers({ store, kafkaAdmin }), logger });
      return (event) => api(event as ApiEvent, lambdaContext(invocation));
    },
    Events: (invocation) => {
      const handler = createEventsHandler({
        ...base(reachable, invocation),
        ...{ tasks: tasksOf(reachable, invocation), taskLogs: silentLogs },
      });
      return (event) => handler(event as EventBridgeEvent<string, unknown>);
    },
    StepsAws: (invocation) => {
      const settings = { logGroup: '/warden/brokers', logRegion: simulatedPlace.region };
      const tasks = tasksOf(reachable, invocation);
      const handler = createAwsHandler({
        ...base(reachable, invocation),
        ...{ tasks, settings, newId: reachable.newId },
      });
      return (event) => handler(event as StepPayload);
    },
    StepsUpkeep: (invocation) => {
      const { deadLetters } = reachable.deployment;
      const handler = createUpkeepHandler({
        ...base(reachable, invocation),
        ...{ tasks: tasksOf(reachable, invocation), taskLogs: silentLogs, deadLetters },
      });
      return (event) => handler(event as StepPayload);
    },
    StepsEc2: (invocation) => {
      const ec2 = client(reachable, invocation, 'ec2');
      const clients = { ecs: client(reachable, invocation, 'ecs'), ec2 };
      const hosts = createEc2Hosts({ clusterArn: simulatedPlace.clusterArn, clients });
      const volumes = createEc2Volumes({ client: ec2 });
      const handler = createEc2Handler({
        ...base(reachable, invocation),
        ...{ hosts, volumes, tasks: tasksOf(reachable, invocation), newId: reachable.newId },
      });
      return (event) => handler(event as StepPayload);
    },
    StepsKafka: (invocation) => {
      const kafka = createKafkaClient(reachable, invocation);
      const { planRunner: _notInTheVpc, ...ports } = base(reachable, invocation);
      const handler = createKafkaHandler({ ...ports, kafka });
      return (event) => handler(event as StepPayload);
    },
  };
  return stack.functions.flatMap(({ name, timeoutMs, retryAttempts }) => {
    const create = creators[name];
    return create === undefined ? [] : [{ name, timeoutMs, retryAttempts, create }];
  });
}

function base(reachable: Reachable, invocation: Invocation) {
  const { clock } = reachable;
  const machinePrefix = `arn:aws:states:${simulatedPlace.region}:${simulatedPlace.accountId}:stateMachine:Warden-`;
  return {
    store: createDynamoStore({
      tableName: simulatedPlace.tableName,
      client: client(reachable, invocation, 'dynamodb'),
    }),
    planRunner: createSfnPlanRunner({ machinePrefix, client: client(reachable, invocation, 'sfn') }),
    clock: () => clock.now() + invocation.skewMs,
    pause: (ms: number) =>
      new Promise<void>((resolve) => {
        clock.after(ms, `pause of ${invocation.functionName}#${invocation.id}`, () => {
          if (invocation.isAlive) resolve();
        });
      }),
  };
}

function tasksOf(reachable: Reachable, invocation: Invocation) {
  return createEcsTasks({ clusterArn: simulatedPlace.clusterArn, client: client(reachable, invocation, 'ecs') });
}

function client(reachable: Reachable, invocation: Invocation, service: SdkService) {
  const { calls, buckets, newId } = reachable;
  const model = reachable.service(service, invocation);
  return createSdkClient(service, { model, calls, buckets, invocation, newId });
}

/** middy reads nothing else of it. */
function lambdaContext({ id, functionName }: Invocation): Context {
  const context: Partial<Context> = { awsRequestId: `request-${id}`, functionName };
  return context as Context;
}
