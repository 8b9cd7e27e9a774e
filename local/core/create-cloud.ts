import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { resolve } from 'node:path';
import { createControl } from '../chaos/control.ts';
import { openThrottling, type Throttle, type Throttling } from '../chaos/throttling.ts';
import { type Dispatch, dispatch } from '../wire/dispatcher.ts';
import { createEndpoint } from '../wire/endpoint.ts';
import { type HostedService, hostService } from '../wire/hosted-service.ts';
import { findOperation } from '../wire/operation.ts';
import { AwsError } from './aws-error.ts';
import { openCallers } from './callers.ts';
import type { Chaos } from './chaos.ts';
import type { Authorizer, AwsEvent, CallFunction, Cloud, Delays, LocalService, ServiceName } from './service.ts';

/** Makes a service of the local cloud. */
export type ServiceFactory = (cloud: Cloud) => LocalService;

/** What a cloud is made of. */
export interface CloudOptions {
  readonly dataFolder: string;
  readonly optFolder: string;
  /** Of the wire endpoint, on 127.0.0.1. */
  readonly port: number;
  readonly services: readonly ServiceFactory[];
  /** Where the HTTP APIs begin to listen; the port after the endpoint's when absent. */
  readonly apiPort?: number;
  readonly region?: string;
  /** The first two parts of the hosts' loopback addresses: two clouds on one machine differ in it. */
  readonly addressPrefix?: string;
  readonly delays?: Delays;
  readonly log?: (line: string) => void;
}

/** A cloud that listens, and how it is stopped gracefully. */
export interface RunningCloud {
  readonly cloud: Cloud;
  readonly close: () => Promise<void>;
}

const ACCOUNT_ID = '000000000000';

/** The access key of what the cloud does by itself. */
const CLOUD_ITSELF = 'LOCALCLOUD';

/** Hosts end first, so that what they still tell arrives; the table is the last to go. */
const STOP_ORDER: readonly ServiceName[] = ['ecs', 'ec2', 'autoscaling', 'sfn', 'events', 'lambda', 'apigatewayv2'];
const STOPS_LAST: ServiceName = 'dynamodb';

/** In a cloud without IAM everyone may do everything. */
const ALLOW_ALL: Authorizer = { call: () => undefined, act: () => undefined, note: () => undefined };

/** Composes services into a cloud, listens, and then starts them. */
export async function createCloud(options: CloudOptions): Promise<RunningCloud> {
  mkdirSync(options.dataFolder, { recursive: true });
  const services = new Map<ServiceName, HostedService>();
  const throttling = openThrottling({
    dataFolder: options.dataFolder,
    cloudItself: CLOUD_ITSELF,
    hasOperation: (name, operation): name is ServiceName => hasOperation(services, name, operation),
  });
  const cloud = composeCloud(options, services, throttling.throttle);
  for (const service of options.services.map((create) => create(cloud))) {
    if (services.has(service.name)) throw new Error(`the cloud would have two services named ${service.name}`);
    services.set(service.name, await hostService(service));
  }
  const server = createEndpoint({
    services,
    findCaller: cloud.callers.find,
    authorizer: cloud.authorizer,
    throttle: throttling.throttle,
    control: createControl(() => chaosOf(services, throttling), cloud.log),
    log: cloud.log,
  });
  await listen(server, options.port);
  const close = () => closeCloud(server, services, throttling);
  try {
    for (const { service } of startOrder(services)) await service.start?.();
  } catch (error) {
    await close();
    throw error;
  }
  return { cloud, close };
}

function composeCloud(
  options: CloudOptions,
  services: ReadonlyMap<ServiceName, HostedService>,
  throttle: Throttle,
): Cloud {
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const callers = openCallers(options.dataFolder, ACCOUNT_ID);
  const authorizer = authorizerOf(services);
  return {
    region: options.region ?? 'us-east-1',
    accountId: ACCOUNT_ID,
    partition: 'aws',
    endpointUrl: `http://127.0.0.1:${options.port}`,
    dataFolder: resolve(options.dataFolder),
    optFolder: resolve(options.optFolder),
    apiPort: options.apiPort ?? options.port + 1,
    addressPrefix: options.addressPrefix ?? '127.0',
    ...(options.delays === undefined ? {} : { delays: options.delays }),
    callers,
    call: inProcessCall({ services, authorizer, throttle, log }),
    authorizer,
    emit: (event) => emit(services, event, log),
    log,
  };
}

/** IAM's, found at each question: the cloud is composed before its services exist. */
function authorizerOf(services: ReadonlyMap<ServiceName, HostedService>): Authorizer {
  const current = (): Authorizer => services.get('iam')?.service.authorizer ?? ALLOW_ALL;
  return {
    call: (call) => current().call(call),
    act: (caller, rights) => current().act(caller, rights),
    note: (caller, right) => current().note(caller, right),
  };
}

interface Surroundings {
  readonly services: ReadonlyMap<ServiceName, HostedService>;
  readonly authorizer: Authorizer;
  readonly throttle: Throttle;
  readonly log: Cloud['log'];
}

/** Calls in process are checked as those over the wire; their default caller is the cloud itself. */
function inProcessCall({ services, authorizer, throttle, log }: Surroundings): CallFunction {
  const cloudItself = { accessKeyId: CLOUD_ITSELF, principalArn: `arn:aws:iam::${ACCOUNT_ID}:root` };
  return async (service, name, input, caller = cloudItself) => {
    const hosted = services.get(service);
    if (hosted === undefined)
      throw new AwsError('UnknownService', `This cloud has no service ${service} (for ${name})`, 404);
    const operation = findOperation(hosted.module, name);
    if (operation === undefined) throw new AwsError('UnknownOperationException', `${service} has no operation ${name}`);
    const context = { requestId: randomUUID(), caller };
    const call: Dispatch = { hosted, operation, context, authorizer, throttle, log };
    return dispatch(call, input);
  };
}

function emit(services: ReadonlyMap<ServiceName, HostedService>, event: AwsEvent, log: Cloud['log']): void {
  const accept = services.get('events')?.service.accept;
  // Compositions without EventBridge are made by tests of other services; nobody could receive the event there.
  if (accept === undefined) log(`no events service: ${event.source} ${event.detailType} goes nowhere`);
  else accept(event);
}

function chaosOf(services: ReadonlyMap<ServiceName, HostedService>, throttling: Throttling): Chaos[] {
  const own = [...services.values()].flatMap(({ service }) => service.chaos ?? []);
  return [...own, throttling];
}

function hasOperation(services: ReadonlyMap<string, HostedService>, name: string, operation: string): boolean {
  const hosted = services.get(name);
  return hosted !== undefined && findOperation(hosted.module, operation) !== undefined;
}

/** The table first: others may look into it when they resume. */
function startOrder(services: ReadonlyMap<ServiceName, HostedService>): HostedService[] {
  const rank = (name: ServiceName) => (name === STOPS_LAST ? 0 : 1);
  return [...services.values()].sort((a, b) => rank(a.service.name) - rank(b.service.name));
}

/** Every service gets its stop, also after another's failed; the first failure is thrown at the end. */
async function closeCloud(
  server: Server,
  services: ReadonlyMap<ServiceName, HostedService>,
  throttling: Throttling,
): Promise<void> {
  const failures: unknown[] = [];
  // What is stopped must not be kept from it by a fault, nor come back with one.
  throttling.calm();
  for (const { service } of stopOrder(services)) {
    try {
      await service.stop?.();
    } catch (error) {
      failures.push(error);
    }
  }
  if (server.listening) {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
  if (failures.length > 0) throw failures[0];
}

function stopOrder(services: ReadonlyMap<ServiceName, HostedService>): HostedService[] {
  const rank = ({ service: { name } }: HostedService) => {
    if (name === STOPS_LAST) return STOP_ORDER.length + 1;
    const index = STOP_ORDER.indexOf(name);
    return index < 0 ? STOP_ORDER.length : index;
  };
  return [...services.values()].sort((a, b) => rank(a) - rank(b));
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}
