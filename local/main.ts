import { join } from 'node:path';
import { createApigatewayService } from './apigateway/service.ts';
import { createAutoscalingService } from './autoscaling/service.ts';
import { createCloudformationService } from './cloudformation/service.ts';
import { type CloudArguments, readCloudArguments } from './core/cloud-arguments.ts';
import { createCloud, type RunningCloud } from './core/create-cloud.ts';
import { forgetProcess, listLiveProcesses, recordProcess } from './core/processes.ts';
import { createDynamodbService } from './dynamodb/service.ts';
import { createEc2Service } from './ec2/service.ts';
import { createEcsService } from './ecs/service.ts';
import { createEventsService } from './events/service.ts';
import { createIamService } from './iam/service.ts';
import { createLambdaService } from './lambda/service.ts';
import { createLogsService } from './logs/service.ts';
import { createRoute53Service } from './route53/service.ts';
import { createS3Service } from './s3/service.ts';
import { createSecretsmanagerService } from './secretsmanager/service.ts';
import { createSqsService } from './sqs/service.ts';
import { createSsmService } from './ssm/service.ts';
import { createStepfunctionsService } from './stepfunctions/service.ts';
import { createStsService } from './sts/service.ts';

/** Every service of the local cloud. */
const services = [
  createApigatewayService,
  createAutoscalingService,
  createCloudformationService,
  createDynamodbService,
  createEc2Service,
  createEcsService,
  createEventsService,
  createIamService,
  createLambdaService,
  createLogsService,
  createRoute53Service,
  createS3Service,
  createSecretsmanagerService,
  createSqsService,
  createSsmService,
  createStepfunctionsService,
  createStsService,
];

/**
 * The process of the local cloud: it owns its data folder, prints one line when it answers, and stops in order on SIGTERM
 * or SIGINT. Hosts and the table's server are processes of their own, which outlive a crash of this one.
 */
async function main(options: CloudArguments): Promise<void> {
  const { dataFolder } = options;
  const owner = listLiveProcesses(dataFolder).find(({ kind }) => kind === 'cloud');
  if (owner !== undefined)
    throw new Error(`${dataFolder} belongs to the local cloud with pid ${owner.pid}, which runs: stop it first`);
  recordProcess(dataFolder, process.pid, 'cloud');
  const starting = createCloud({ ...options, optFolder: options.optFolder ?? join(dataFolder, 'opt'), services, log });
  // From here on, so that a stop during a long start is a stop in order too.
  stopOnSignal(starting, dataFolder);
  try {
    const { cloud } = await starting;
    process.stdout.write(`${JSON.stringify({ ready: true, endpoint: cloud.endpointUrl, pid: process.pid })}\n`);
  } catch (error) {
    forgetProcess(dataFolder, process.pid);
    throw error;
  }
}

function stopOnSignal(starting: Promise<RunningCloud>, dataFolder: string): void {
  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    const running = await starting;
    await running.close();
    forgetProcess(dataFolder, process.pid);
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => stop().catch((error: unknown) => fail('the stop in order failed', error)));
}

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
}

function fail(what: string, error: unknown): void {
  log(`${what}: ${error instanceof Error ? error.stack : String(error)}`);
  process.exit(1);
}

// What no caller waits for must not end the cloud silently, and must not be hidden either. After an exception outside of
// any promise the state in memory cannot be trusted: the cloud ends as by a crash, and its next start resumes.
process.on('unhandledRejection', (error) => log(`unhandled: ${error instanceof Error ? error.stack : String(error)}`));
process.on('uncaughtException', (error) => fail('LOCAL CLOUD BUG, uncaught', error));

try {
  await main(readCloudArguments(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
