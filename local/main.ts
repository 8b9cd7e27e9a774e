import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createApigatewayService } from './apigateway/service.ts';
import { createAutoscalingService } from './autoscaling/service.ts';
import { createCloudformationService } from './cloudformation/service.ts';
import { createCloud } from './core/create-cloud.ts';
import { forgetProcess, listLiveProcesses, recordProcess } from './core/processes.ts';
import { createDynamodbService } from './dynamodb/service.ts';
import { createEc2Service } from './ec2/service.ts';
import { createEcsService } from './ecs/service.ts';
import { createEventsService } from './events/service.ts';
import { createIamService } from './iam/service.ts';
import { createLambdaService } from './lambda/service.ts';
import { createLogsService } from './logs/service.ts';
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
  createS3Service,
  createSecretsmanagerService,
  createSqsService,
  createSsmService,
  createStepfunctionsService,
  createStsService,
];

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    opt: { type: 'string' },
    port: { type: 'string', default: '4566' },
    'api-port': { type: 'string', default: '4567' },
    zones: { type: 'string', default: '3' },
    'hosts-per-zone': { type: 'string', default: '1' },
    region: { type: 'string', default: 'us-east-1' },
  },
});

/** The process of the local cloud: it owns its data folder, prints one line when it answers, and stops in order on SIGTERM. */
async function main(): Promise<void> {
  const dataFolder = values.data;
  if (dataFolder === undefined) throw new Error('--data <folder> is missing: where the cloud keeps its state');
  const owner = listLiveProcesses(dataFolder).find(({ kind }) => kind === 'cloud');
  if (owner !== undefined) {
    process.stderr.write(`${dataFolder} belongs to the local cloud with pid ${owner.pid}, which runs: stop it first\n`);
    process.exit(1);
  }
  recordProcess(dataFolder, process.pid, 'cloud');
  const port = Number(values.port);
  const running = await createCloud({
    services,
    dataFolder,
    optFolder: values.opt ?? join(dataFolder, 'opt'),
    port,
    apiPort: Number(values['api-port']),
    zones: Number(values.zones),
    hostsPerZone: Number(values['hosts-per-zone']),
    region: values.region,
    log: (line) => process.stderr.write(`${new Date().toISOString()} ${line}\n`),
  });
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await running.close();
    forgetProcess(dataFolder, process.pid);
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
  process.stdout.write(`${JSON.stringify({ ready: true, endpoint: running.cloud.endpointUrl, pid: process.pid })}\n`);
}

// What no caller waits for must not end the cloud silently, and must not be hidden either.
process.on('unhandledRejection', (error) => {
  process.stderr.write(`unhandled: ${error instanceof Error ? error.stack : String(error)}\n`);
});

await main();
