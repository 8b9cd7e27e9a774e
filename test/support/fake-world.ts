import { createAwsHandler } from '../../functions/steps/aws-steps.ts';
import { createEc2Handler } from '../../functions/steps/ec2-steps.ts';
import { createKafkaHandler } from '../../functions/steps/kafka-steps.ts';
import type { StepPayload } from '../../functions/steps/step-payload.ts';
import type { StepFunction } from '../../functions/steps/step-table.ts';
import { createUpkeepHandler } from '../../functions/steps/upkeep-steps.ts';
import type { ServiceState } from '../../lib/model/state.ts';
import { fenceHosts } from '../../lib/operations/fence-hosts.ts';
import { type ApiPorts, installService } from '../../lib/operations/install-service.ts';
import { hostsNeedALook, lookAtHosts } from '../../lib/operations/look-at-hosts.ts';
import { lookAtKafka } from '../../lib/operations/look-at-kafka.ts';
import { onCapacityChanged } from '../../lib/operations/on-capacity-changed.ts';
import { type EndedExecution, onExecutionEnded } from '../../lib/operations/on-execution-ended.ts';
import { onTaskChanged } from '../../lib/operations/on-task-changed.ts';
import { reconcileService } from '../../lib/operations/reconcile-service.ts';
import { replaceLostNodes } from '../../lib/operations/replace-lost-nodes.ts';
import type { Store } from '../../lib/ports/store.ts';
import type { TaskView } from '../../lib/ports/tasks.ts';
import { type CrashPlan, createCrashPlan } from './crash-plan.ts';
import { createFakeDisks, type FakeDisks } from './fake-disks.ts';
import { createFakeHosts, type FakeHosts } from './fake-hosts.ts';
import { createFakeKafka, type FakeKafka } from './fake-kafka.ts';
import { createFakeMachines, type FakeMachines } from './fake-machines.ts';
import { createFakeNames, type FakeNames } from './fake-names.ts';
import { createFakeTaskLogs, type FakeTaskLogs } from './fake-task-logs.ts';
import { createFakeTasks, type FakeTasks } from './fake-tasks.ts';
import { createFakeVolumes, type FakeVolumes } from './fake-volumes.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';
import { createMemoryStore } from './memory-store.ts';

/** How an event comes: so late, so often; never when there is no delay. */
type EventFate = (view: TaskView) => readonly number[];

export interface FakeWorldOptions {
  readonly hosts?: number;
  readonly crash?: { readonly call: number; readonly when: 'before' | 'after' };
  /** How long a task takes from RunTask to RUNNING. */
  readonly startMs?: number;
  /** How long a task lives on after StopTask. */
  readonly stopMs?: number;
  /** The private zone of the deployment, and how long a change takes until every resolver has it. */
  readonly zone?: { readonly name: string; readonly spreadMs?: number };
  /** How long the task that prepares a volume runs. */
  readonly preparationMs?: number;
  /** Delays of each delivery of a task event, in milliseconds. */
  readonly fate?: EventFate;
}

/** The whole ring in memory: the real operations, shells and machines over doubles of AWS and Kafka, on one hand-moved clock. */
export interface FakeWorld {
  readonly clock: HandClock;
  readonly store: Store;
  readonly tasks: FakeTasks;
  readonly taskLogs: FakeTaskLogs;
  readonly volumes: FakeVolumes;
  readonly hosts: FakeHosts;
  /** Only in a deployment with a private zone. */
  readonly names: FakeNames | undefined;
  readonly disks: FakeDisks;
  readonly kafka: FakeKafka;
  readonly machines: FakeMachines;
  readonly api: ApiPorts;
  readonly crashes: CrashPlan;
  /** Errors of event handlers that no delivery got over. */
  readonly eventErrors: readonly Error[];
  setFate(fate: EventFate): void;
  install(options: unknown): Promise<{ readonly service: string; readonly planId: string }>;
  reconcile(service: string): Promise<void>;
  /** The same after a look at the hosts, for all services. */
  sweep(): Promise<void>;
  /**
   * EC2 terminates a host. Its tasks end without an exit code when ECS hears of it, else they are shown as running for
   * ever. The sweep that follows from the event is over when this resolves.
   */
  loseHost(instanceId: string, ecs: 'hears of it' | 'hears nothing'): Promise<void>;
  state(service: string): Promise<ServiceState | undefined>;
}

const eventDelayMs = 60;
const redeliveries = 3;
/** On AWS a change of names takes up to a minute. */
const namesSpreadMs = 20_000;

export function createFakeWorld(options: FakeWorldOptions = {}): FakeWorld {
  const clock = createHandClock();
  const store = createMemoryStore();
  const crashes = createCrashPlan(options.crash);
  const disks = createFakeDisks(clock, options.preparationMs);
  const eventErrors: Error[] = [];
  let fate: EventFate = options.fate ?? (() => [eventDelayMs]);
  /** The ports of one invocation: when it crashes at one of them, all of them are dead to it. */
  const invocationGuard = () => {
    const invocation = { hasCrashed: false };
    return <Ports extends object>(ports: Ports): Ports => crashes.guard(ports, invocation);
  };
  const deliver = async (handle: () => Promise<void>, tries = 0): Promise<void> => {
    try {
      await handle();
    } catch (error) {
      if (tries >= redeliveries) eventErrors.push(error instanceof Error ? error : new Error(String(error)));
      else clock.after(1_000, () => void deliver(handle, tries + 1));
    }
  };
  const tasks = createFakeTasks({
    clock,
    program: disks.program,
    ...(options.startMs === undefined ? {} : { startMs: options.startMs }),
    ...(options.stopMs === undefined ? {} : { stopMs: options.stopMs }),
    onChange: (view) => {
      for (const delayMs of fate(view)) clock.after(delayMs, () => void deliver(() => takeTaskEvent(view)));
    },
  });
  const taskLogs = createFakeTaskLogs();
  const volumes = createFakeVolumes(clock);
  const { zone } = options;
  const names =
    zone === undefined
      ? undefined
      : createFakeNames(clock, { zone: zone.name, spreadMs: zone.spreadMs ?? namesSpreadMs });
  const hosts = createFakeHosts(options.hosts ?? 6, tasks.list);
  const addresses = new Map(Array.from({ length: 50 }, (_, number) => addressOf(number)));
  const kafka = createFakeKafka({
    ...{ clock, disks, tasks: tasks.list },
    addressOf: (instanceId) => addresses.get(instanceId) ?? 'nowhere',
  });
  let ids = 0;
  const newId = () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`;
  const handlers = (): Readonly<Record<string, StepFunction>> => {
    const guard = invocationGuard();
    const base = { store: guard(store), clock: clock.clock, pause: clock.pause };
    const planRunner = guard(machines);
    const settings = { logGroup: '/warden', logRegion: 'eu-west-1' };
    return {
      '${StepsAws}': createAwsHandler({ ...base, planRunner, tasks: guard(tasks), settings, newId }),
      '${StepsUpkeep}': createUpkeepHandler({
        ...{ ...base, planRunner, tasks: guard(tasks), taskLogs: guard(taskLogs), deadLetters: [] },
        ...(names === undefined ? {} : { names: guard(names) }),
      }),
      '${StepsEc2}': createEc2Handler({
        ...base,
        planRunner,
        hosts: guard(hosts),
        volumes: guard(volumes),
        tasks: guard(tasks),
        newId,
      }),
      '${StepsKafka}': createKafkaHandler({ ...base, kafka: guard(kafka.admin) }),
    };
  };
  const machines: FakeMachines = createFakeMachines({
    clock,
    invoke: async (functionName, payload) => {
      const handler = handlers()[functionName];
      if (handler === undefined) throw new Error(`no function ${functionName}`);
      return handler(JSON.parse(JSON.stringify(payload)) as StepPayload);
    },
    onEnd: (ended) => clock.after(eventDelayMs, () => void deliver(() => takeEnd(ended))),
  });
  const takeTaskEvent = async (view: TaskView): Promise<void> => {
    const guard = invocationGuard();
    const world = { store: guard(store), planRunner: guard(machines), tasks: guard(tasks), clock: clock.clock };
    const ports = { ...world, taskLogs: guard(taskLogs) };
    await onTaskChanged(ports, { taskArn: view.taskArn, version: view.version });
    if (view.lastStatus === 'STOPPED') await onCapacityChanged(ports, 'a task stopped');
  };
  const takeEnd = async (ended: EndedExecution): Promise<void> => {
    const guard = invocationGuard();
    await onExecutionEnded({ store: guard(store), planRunner: guard(machines), clock: clock.clock }, ended);
  };
  const api: ApiPorts = {
    store,
    planRunner: machines,
    clock: clock.clock,
    ...(zone === undefined ? {} : { zone: zone.name }),
    newId,
  };
  const reconcile: FakeWorld['reconcile'] = (service) =>
    clock.finish(
      reconcileService(
        {
          ...{ store, planRunner: machines, tasks, taskLogs, clock: clock.clock },
          ...(names === undefined ? {} : { names }),
        },
        service,
      ),
    );
  const sweep: FakeWorld['sweep'] = async () => {
    for (const service of await store.listServices()) {
      const ports = { store, hosts, clock: clock.clock };
      await clock.finish(lookAtHosts(ports, service));
      await clock.finish(replaceLostNodes({ store, volumes, clock: clock.clock, newId }, service));
      if (await hostsNeedALook(ports, service)) {
        await clock.finish(lookAtKafka({ store, kafka: kafka.admin, clock: clock.clock }, service));
        await clock.finish(fenceHosts(ports, service));
      }
      await reconcile(service);
    }
  };
  return {
    ...{ clock, store, tasks, taskLogs, volumes, hosts, names, disks, kafka, machines, api, crashes, eventErrors },
    setFate: (next) => {
      fate = next;
    },
    async install(wanted) {
      const result = await clock.finish(installService(api, { options: wanted, requestedBy: 'test' }));
      if (result.type !== 'accepted') throw new Error(JSON.stringify(result));
      return { service: result.service, planId: result.planId };
    },
    reconcile,
    async loseHost(instanceId, ecs) {
      hosts.lose(instanceId);
      volumes.endHost(instanceId);
      const here = tasks.list().filter(({ request, view }) => request.instanceId === instanceId && isAlive(view));
      for (const { view } of here) {
        if (ecs === 'hears of it') tasks.end(view.taskArn, hostTerminated);
        else tasks.lose(view.taskArn);
      }
      await sweep();
    },
    sweep,
    state: (service) => store.readService(service),
  };
}

const hostTerminated = { stopCode: 'TerminationNotice', stoppedReason: 'Host EC2 terminated.' };

function isAlive({ lastStatus }: TaskView): boolean {
  return lastStatus !== 'STOPPED';
}

function addressOf(number: number): readonly [string, string] {
  return [`i-${String(number).padStart(17, '0')}`, `10.0.0.${number + 1}`];
}
