import type { DescribeInstancesResult } from '@aws-sdk/client-ec2';
import type { Cloud } from '../core/service.ts';
import { agentSocketFile, hostFolder } from '../hosts/host-folder.ts';
import { powerOf } from '../hosts/host-record.ts';
import { hasAgent, shutDownHost } from '../hosts/power.ts';
import type { AgentMessage, LogLine, LogOrder } from '../hosts/protocol.ts';
import type { AgentLines } from './agent-lines.ts';
import type { Fleet } from './fleet.ts';
import { HostRights } from './host-rights.ts';
import { appendLog, type LogWriter, openLog } from './log-requests.ts';
import { PowerCut } from './power-cut.ts';
import type { ContainerInstanceRecord, TaskRecord } from './records.ts';
import type { EcsStore } from './store.ts';

const LOOK_EVERY_MS = 200;
/** How long a graceful stop waits for hosts that are on but not connected; their agents may just be coming back. */
const COMING_BACK_MS = 5000;
/** How long a graceful stop waits for a host that no line reaches before it cuts it off. */
const SHUT_DOWN_MS = 120_000;

interface Ports {
  readonly cloud: Cloud;
  readonly store: EcsStore;
  readonly fleet: Fleet;
  readonly lines: AgentLines;
}

/** Listens to the agents while the cloud runs, and takes their hosts down with it. */
export class Hosting {
  readonly #cloud: Cloud;
  readonly #store: EcsStore;
  readonly #fleet: Fleet;
  readonly #lines: AgentLines;
  readonly #rights: HostRights;
  /** Hosts whose line was cut by the end of their instance, until that is over. */
  readonly #ending = new Set<string>();
  /** Looks at why a line was cut that are under way. */
  readonly #asking = new Set<Promise<void>>();
  #powerCut: PowerCut | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ cloud, store, fleet, lines }: Ports) {
    this.#cloud = cloud;
    this.#store = store;
    this.#fleet = fleet;
    this.#lines = lines;
    this.#rights = new HostRights(cloud);
  }

  async start(): Promise<void> {
    this.#repeatLastEvents();
    for (const instance of this.#registered()) {
      // Whoever was connected when the cloud went down may have been terminated meanwhile.
      if (instance.agentConnected) this.#ending.add(instance.ec2InstanceId);
      this.#fleet.setConnected(instance.ec2InstanceId, false);
    }
    await this.#lines.listen(agentSocketFile(this.#cloud.dataFolder), {
      hello: ({ host, tasks }) => this.#hello(host, tasks),
      message: (instanceId, message) => this.#receive(instanceId, message),
      closed: (instanceId) => this.#closed(instanceId),
    });
    this.#timer = setInterval(() => void this.#guard(this.dropTerminated()), LOOK_EVERY_MS);
  }

  /** A long reboot of all hosts begins: tasks end wave by wave, then the agents. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#timer === undefined) return;
    await this.#awaitComingBack();
    this.#powerCut = new PowerCut(this.#lines);
    const { dataFolder } = this.#cloud;
    await Promise.all([
      this.#powerCut.run(this.#store.orders.values()),
      ...this.#unreached().map((id) => shutDownHost(dataFolder, id, SHUT_DOWN_MS)),
    ]);
    this.#lines.stop();
  }

  /** Deregisters hosts whose EC2 instance was terminated while they were connected. */
  async dropTerminated(): Promise<void> {
    if (this.#ending.size === 0) return;
    const states = await this.#ec2States([...this.#ending]);
    for (const id of this.#ending) {
      const state = states.get(id) ?? 'terminated';
      if (state === 'shutting-down') continue;
      this.#ending.delete(id);
      const instance = this.#fleet.instanceOf(id);
      if (state === 'terminated' && instance !== undefined && instance.status !== 'INACTIVE')
        this.#fleet.hostTerminated(instance);
    }
  }

  /**
   * The same for every host that counts as connected: a line that is cut just now has not been asked about yet, and a
   * cluster whose last instance is terminated is empty at once.
   */
  async dropAllTerminated(): Promise<void> {
    await Promise.all(this.#asking);
    for (const { agentConnected, ec2InstanceId } of this.#registered()) {
      if (agentConnected) this.#ending.add(ec2InstanceId);
    }
    await this.dropTerminated();
  }

  async #hello(host: Parameters<Fleet['hello']>[0], tasks: Parameters<Fleet['hello']>[1]): Promise<boolean> {
    const known = this.#fleet.instanceOf(host.instanceId);
    const registeredArn = known?.status === 'INACTIVE' ? undefined : known?.arn;
    if (!(await this.#rights.mayJoin(host, registeredArn))) return false;
    if (tasks.length > 0 && !(await this.#rights.mayReport(host.instanceId, host.cluster))) return false;
    this.#ending.delete(host.instanceId);
    return this.#fleet.hello(host, tasks);
  }

  async #receive(instanceId: string, message: Exclude<AgentMessage, { type: 'hello' }>): Promise<void> {
    switch (message.type) {
      case 'report':
        await this.#report(instanceId, message.task);
        break;
      case 'open-log':
        void this.#answer(instanceId, message.id, openLog(this.#logWriter(instanceId), message.log));
        break;
      case 'append-log':
        void this.#appendLog(instanceId, message);
        break;
      case 'wave-ended':
        this.#powerCut?.waveEnded(instanceId, message.wave);
        break;
      case 'heartbeat':
        break;
    }
  }

  /** A report that may not be made is made again: with the next hello. */
  async #report(instanceId: string, task: Parameters<Fleet['report']>[1]): Promise<void> {
    const cluster = this.#fleet.instanceOf(instanceId)?.cluster ?? 'default';
    if (await this.#rights.mayReport(instanceId, cluster)) this.#fleet.report(instanceId, task);
    else this.#lines.close(instanceId);
  }

  #logWriter(instanceId: string): LogWriter {
    return { call: this.#cloud.call, caller: this.#rights.caller(instanceId) };
  }

  async #appendLog(
    instanceId: string,
    message: { readonly id: number; readonly log: LogOrder; readonly lines: readonly LogLine[] },
  ): Promise<void> {
    await this.#answer(instanceId, message.id, appendLog(this.#logWriter(instanceId), message.log, message.lines));
  }

  async #answer(instanceId: string, id: number, work: Promise<string | undefined>): Promise<void> {
    const error = await work;
    this.#lines.send(instanceId, { type: 'reply', id, ...(error !== undefined && { error }) });
  }

  #closed(instanceId: string): void {
    if (this.#powerCut !== undefined) {
      // The hosts go down with the cloud: that their agents are gone is told when the cloud is back.
      this.#powerCut.closed(instanceId);
      return;
    }
    this.#fleet.setConnected(instanceId, false);
    const asked = this.#guard(this.#askWhy(instanceId));
    this.#asking.add(asked);
    void asked.finally(() => this.#asking.delete(asked));
  }

  /** An agent that is gone for another reason comes back, or someone deregisters its host: ECS never does. */
  async #askWhy(instanceId: string): Promise<void> {
    const state = (await this.#ec2States([instanceId])).get(instanceId) ?? 'terminated';
    if (state === 'shutting-down' || state === 'terminated') this.#ending.add(instanceId);
  }

  /** Nobody waits for this work; what it left undone is found again at the next start. */
  async #guard(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#cloud.log(`ecs: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #ec2States(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const Filters = [{ Name: 'instance-id', Values: [...ids] }];
    const answer: DescribeInstancesResult = await this.#cloud.call('ec2', 'DescribeInstances', { Filters });
    const instances = (answer.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
    return new Map(instances.map(({ InstanceId = '', State }) => [InstanceId, State?.Name ?? '']));
  }

  /** A crash can have come between a change and its event only for the very last changes; twice is allowed. */
  #repeatLastEvents(): void {
    const byChange = (a: TaskRecord, b: TaskRecord): number => a.changedAt - b.changedAt;
    const task = this.#store.tasks.values().toSorted(byChange).at(-1);
    if (task !== undefined) this.#fleet.tellTask(task);
    for (const instance of this.#registered()) this.#fleet.tellInstance(instance);
  }

  async #awaitComingBack(): Promise<void> {
    const deadline = Date.now() + COMING_BACK_MS;
    const isMissing = ({ ec2InstanceId, agentConnected }: ContainerInstanceRecord): boolean =>
      !agentConnected && powerOf(hostFolder(this.#cloud.dataFolder, ec2InstanceId)) === 'on';
    while (this.#registered().some(isMissing) && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }

  /** Hosts that run and hear nothing: deregistered by force, or not back in time. Their systems shut down by themselves. */
  #unreached(): string[] {
    const { dataFolder } = this.#cloud;
    const connected = this.#registered().filter(({ agentConnected }) => agentConnected);
    const reached = new Set(connected.map(({ ec2InstanceId }) => ec2InstanceId));
    const known = new Set(this.#store.containerInstances.values().map(({ ec2InstanceId }) => ec2InstanceId));
    return [...known].filter(
      (id) => !reached.has(id) && powerOf(hostFolder(dataFolder, id)) === 'on' && hasAgent(dataFolder, id),
    );
  }

  #registered(): ContainerInstanceRecord[] {
    return this.#store.containerInstances.values().filter(({ status }) => status !== 'INACTIVE');
  }
}
