import type { DescribeInstancesResult } from '@aws-sdk/client-ec2';
import type { Cloud } from '../core/service.ts';
import { agentSocketFile, hostFolder } from '../hosts/host-folder.ts';
import { powerOf } from '../hosts/host-record.ts';
import type { AgentMessage, LogLine, LogOrder } from '../hosts/protocol.ts';
import type { AgentLines } from './agent-lines.ts';
import type { Fleet } from './fleet.ts';
import { appendLog, openLog } from './log-requests.ts';
import { PowerCut } from './power-cut.ts';
import type { ContainerInstanceRecord, TaskRecord } from './records.ts';
import type { EcsStore } from './store.ts';

const LOOK_EVERY_MS = 200;
/** How long a graceful stop waits for hosts that are on but not connected; their agents may just be coming back. */
const COMING_BACK_MS = 5000;

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
  /** Hosts whose line was cut, until EC2 says what became of them. */
  readonly #cut = new Set<string>();
  #powerCut: PowerCut | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ cloud, store, fleet, lines }: Ports) {
    this.#cloud = cloud;
    this.#store = store;
    this.#fleet = fleet;
    this.#lines = lines;
  }

  async start(): Promise<void> {
    this.#repeatLastEvents();
    for (const instance of this.#registered()) {
      // Whoever was connected when the cloud went down may have been terminated meanwhile.
      if (instance.agentConnected) this.#cut.add(instance.ec2InstanceId);
      this.#fleet.setConnected(instance.ec2InstanceId, false);
    }
    await this.#lines.listen(agentSocketFile(this.#cloud.dataFolder), {
      hello: ({ host, tasks }) => this.#hello(host, tasks),
      message: (instanceId, message) => this.#receive(instanceId, message),
      closed: (instanceId) => this.#closed(instanceId),
    });
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS);
  }

  /** A long reboot of all hosts begins: tasks end wave by wave, then the agents. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#timer === undefined) return;
    await this.#awaitComingBack();
    this.#powerCut = new PowerCut(this.#lines);
    await this.#powerCut.run(this.#store.orders.values());
    this.#lines.stop();
  }

  /** Deregisters hosts that were connected until their EC2 instance was terminated. */
  async dropTerminated(): Promise<void> {
    const ids = [...this.#cut];
    if (ids.length === 0) return;
    const states = await this.#ec2States(ids);
    for (const id of ids) {
      const state = states.get(id);
      if (state === 'terminated' || state === undefined) {
        const instance = this.#fleet.instanceOf(id);
        this.#cut.delete(id);
        if (instance !== undefined && instance.status !== 'INACTIVE') this.#fleet.hostTerminated(instance);
      } else if (state !== 'shutting-down') this.#cut.delete(id);
    }
  }

  #hello(host: Parameters<Fleet['hello']>[0], tasks: Parameters<Fleet['hello']>[1]): boolean {
    this.#cut.delete(host.instanceId);
    return this.#fleet.hello(host, tasks);
  }

  #receive(instanceId: string, message: Exclude<AgentMessage, { type: 'hello' }>): void {
    switch (message.type) {
      case 'report':
        this.#fleet.report(message.task);
        break;
      case 'open-log':
        void this.#answer(instanceId, message.id, openLog(this.#cloud, message.log));
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

  async #appendLog(
    instanceId: string,
    message: { readonly id: number; readonly log: LogOrder; readonly lines: readonly LogLine[] },
  ): Promise<void> {
    await this.#answer(instanceId, message.id, appendLog(this.#cloud, message.log, message.lines));
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
    this.#cut.add(instanceId);
    this.#fleet.setConnected(instanceId, false);
  }

  async #look(): Promise<void> {
    try {
      await this.dropTerminated();
    } catch (error) {
      // Nobody waits for this look; the next one is due at once.
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

  #registered(): ContainerInstanceRecord[] {
    return this.#store.containerInstances.values().filter(({ status }) => status !== 'INACTIVE');
  }
}
