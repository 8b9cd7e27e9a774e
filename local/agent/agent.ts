import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DurableMap } from '../core/durable-map.ts';
import { agentSocketFile, hostFolder } from '../hosts/host-folder.ts';
import { type HostRecord, setPower } from '../hosts/host-record.ts';
import { dropMounts } from '../hosts/mounts.ts';
import type { CloudMessage, HelloHost, TaskOrder } from '../hosts/protocol.ts';
import { stopWave } from '../hosts/stop-wave.ts';
import { CloudLink } from './cloud-link.ts';
import { taskFolder, taskIdOf } from './container-launch.ts';
import { type RunnerPorts, TaskRunner } from './task-runner.ts';
import { newTask, reportOf, type TaskState } from './task-state.ts';

/** How long the folder of a forgotten task is kept, as ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION. */
const KEEP_FOLDERS_MS = 3 * 60 * 60 * 1000;

/**
 * A host's ECS agent: runs what the cloud orders, once per task ARN, and tells what became of it.
 * It works on while the cloud is away; its own state outlives it, and the containers do too.
 */
export class Agent {
  readonly #host: HostRecord;
  readonly #log: (line: string) => void;
  readonly #store: DurableMap<TaskState>;
  readonly #runners = new Map<string, TaskRunner>();
  readonly #link: CloudLink;
  readonly #incarnation = randomUUID();
  /** A host that goes down tells nothing more; it reports when it is back. */
  #mode: 'up' | 'ending-waves' | 'shutting-down' = 'up';

  constructor(host: HostRecord, log: (line: string) => void) {
    this.#host = host;
    this.#log = log;
    this.#store = new DurableMap(join(hostFolder(host.dataFolder, host.instanceId), 'agent', 'tasks.jsonl'));
    this.#link = new CloudLink(agentSocketFile(host.dataFolder), {
      message: (message) => this.#receive(message),
      connect: () => this.#hello(),
    });
  }

  /** Takes up its tasks, then looks for the cloud. */
  async start(): Promise<void> {
    for (const task of this.#store.values()) {
      const runner = this.#newRunner(task);
      await runner.adopt();
    }
    const live = [...this.#runners.values()].filter(({ task }) => task.stoppedAt === undefined);
    dropMounts(this.#host, new Set(['host', ...live.map(({ task }) => taskIdOf(task.order.taskArn))]));
    this.#link.open();
    this.#link.beat();
  }

  /** The operating system goes down: tasks end wave by wave, then the agent. */
  async shutDown(): Promise<void> {
    this.#mode = 'shutting-down';
    const waves = new Set([...this.#runners.values()].map(({ task }) => stopWave(task.order)));
    for (const wave of [...waves].toSorted((a, b) => a - b)) await this.#endWave(wave);
    dropMounts(this.#host, new Set());
  }

  /** A cloud that comes back after it began to take the hosts down does not take them down any more. */
  #hello(): void {
    if (this.#mode === 'shutting-down') return;
    this.#mode = 'up';
    const { address: _address, dataFolder: _dataFolder, optFolder: _optFolder, ...facts } = this.#host;
    const host: HelloHost = { ...facts, incarnation: this.#incarnation };
    this.#link.send({ type: 'hello', host, tasks: [...this.#runners.values()].map(({ task }) => reportOf(task)) });
  }

  #receive(message: CloudMessage): void {
    switch (message.type) {
      case 'run':
        this.#run(message.order);
        break;
      case 'stop':
        this.#runners.get(message.taskArn)?.stop({ stopCode: 'UserInitiated', stoppedReason: message.reason });
        break;
      case 'forget':
        void this.#forget(message.taskArn);
        break;
      case 'end-wave':
        void this.#endWave(message.wave).then(() => this.#link.send({ type: 'wave-ended', wave: message.wave }));
        break;
      case 'power-off':
        this.#powerOff();
        break;
      case 'reply':
        // The link gives replies to those who asked.
        break;
    }
  }

  /** An order that comes again is answered with what became of the first. */
  #run(order: TaskOrder): void {
    if (this.#mode !== 'up') return;
    const known = this.#runners.get(order.taskArn);
    if (known !== undefined) {
      this.#link.send({ type: 'report', task: reportOf(known.task) });
      return;
    }
    // Its folder is there, but it was forgotten: it ran to its end before.
    if (existsSync(taskFolder(this.#host, order.taskArn))) return;
    const task = newTask(order);
    this.#store.set(order.taskArn, task);
    this.#newRunner(task).advance();
  }

  /** The cloud has stored the end of the task; its folder stays a while for people. */
  async #forget(taskArn: string): Promise<void> {
    await this.#runners.get(taskArn)?.drained();
    this.#runners.delete(taskArn);
    this.#store.delete(taskArn);
    for (const name of ['tasks', 'scratch'])
      this.#sweep(join(hostFolder(this.#host.dataFolder, this.#host.instanceId), name));
  }

  #sweep(folder: string): void {
    if (!existsSync(folder)) return;
    const live = new Set([...this.#runners.keys()].map(taskIdOf));
    const old = readdirSync(folder).filter(
      (id) => !live.has(id) && Date.now() - statSync(join(folder, id)).mtimeMs > KEEP_FOLDERS_MS,
    );
    for (const id of old) rmSync(join(folder, id), { recursive: true, force: true });
  }

  async #endWave(wave: number): Promise<void> {
    if (this.#mode === 'up') this.#mode = 'ending-waves';
    const ending = [...this.#runners.values()].filter(({ task }) => stopWave(task.order) <= wave);
    // After a reboot ECS shows what the container did, not who ended it.
    const cause = {
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
    } as const;
    for (const runner of ending) runner.stop(cause);
    await Promise.all(ending.map(({ over }) => over));
  }

  #powerOff(): void {
    const folder = hostFolder(this.#host.dataFolder, this.#host.instanceId);
    setPower(folder, 'off');
    dropMounts(this.#host, new Set());
    this.#log('power off');
    process.exit(0);
  }

  #newRunner(task: TaskState): TaskRunner {
    const ports: RunnerPorts = { host: this.#host, link: this.#link, log: this.#log, save: (next) => this.#save(next) };
    const runner = new TaskRunner(task, ports);
    this.#runners.set(task.order.taskArn, runner);
    return runner;
  }

  #save(task: TaskState): void {
    this.#store.set(task.order.taskArn, task);
    if (this.#mode === 'up') this.#link.send({ type: 'report', task: reportOf(task) });
  }
}
