import { roleOf } from '../../lib/model/node.ts';
import type { Delays } from '../../local/core/service.ts';
import type { StartOptions } from '../launch/start-options.ts';
import { until } from '../proof/rights/installation.ts';
import { Cluster } from '../proof/rolls/cluster.ts';
import { Service, show } from '../proof/rolls/service.ts';
import { ExecutionHistories } from './execution-histories.ts';
import { type ExecutionCost, endedAt, executionCost, nodeIdOf, phasesOf } from './histories.ts';
import type { NodeTime } from './measurement.ts';

/** A plan that ran to its end. */
export interface TimedPlan {
  /** From before the request was sent to the end of the last node's execution, when the plan is complete. */
  readonly seconds: number;
  readonly nodes: readonly NodeTime[];
  /** What each broker's execution cost, its share of the plan's own execution included. */
  readonly brokerCosts: readonly ExecutionCost[];
}

/** An operator looks once a second: more would be measured too. */
const lookEveryMs = 1000;
const patienceSeconds = 1800;
const serviceName = 'bench';

/** Warden on a local cloud of its own, asked through its API. */
export class WardenSide {
  readonly #histories: ExecutionHistories;
  readonly #cluster: Cluster;
  readonly #service: Service;

  constructor(options: StartOptions) {
    this.#histories = new ExecutionHistories(options.port);
    this.#cluster = new Cluster(options);
    this.#service = new Service(this.#cluster, serviceName);
  }

  get service(): Service {
    return this.#service;
  }

  get cluster(): Cluster {
    return this.#cluster;
  }

  /** Cloud and stack; no service yet. Nothing is made in the background any more. */
  async start(): Promise<void> {
    await this.#cluster.start();
    await this.#cluster.untilArchivesAreMade();
    // What the first call of a cold API costs is no part of a deploy.
    await this.#cluster.call('GET', '/services');
  }

  async stop(): Promise<void> {
    await this.#cluster.stop();
  }

  /** The same hosts and brokers under a control plane whose calls and events take their time, or no longer. */
  async delay(delays: Delays | undefined): Promise<void> {
    await this.#cluster.killControlPlane();
    await this.#cluster.startControlPlane(delays);
    await this.#service.untilSettled(3);
  }

  /** Installs a service; `options` have no section `service`. */
  async deploy(options: object): Promise<TimedPlan> {
    const document = { ...options, service: { name: serviceName } };
    return this.#timed('deploy', () => this.#cluster.call('POST', '/services', { options: document }));
  }

  async update(options: object): Promise<TimedPlan> {
    return this.#timed('update', () => this.#service.askForUpdate(options));
  }

  async uninstall(): Promise<void> {
    await this.#service.uninstall();
  }

  /** Executions of nodes under a plan, ended or not. */
  async nodeHistories(planId: string) {
    return this.#histories.ofPlan('broker', planId);
  }

  async #timed(machine: 'deploy' | 'update', ask: () => ReturnType<Cluster['call']>): Promise<TimedPlan> {
    const startedAt = Date.now();
    const answer = await ask();
    if (answer.status !== 202) throw new Error(`${machine} answered ${show(answer)}`);
    const { planId } = answer.body as { readonly planId: string };
    await this.untilComplete(planId);
    const histories = await until('the executions of the plan end', 60, async () => {
      const found = await this.#histories.ofPlan('broker', planId);
      return endedAt(found) === undefined ? undefined : found;
    });
    const parents = await this.#histories.ofPlan(machine, planId);
    const parent = executionCost(parents.flatMap(({ events }) => events));
    const share = (cost: number) => cost / histories.length;
    return {
      seconds: ((endedAt(histories) ?? 0) - startedAt) / 1000,
      nodes: histories.map(({ name, events }) => ({ nodeId: nodeIdOf(name), phases: phasesOf(events) })),
      brokerCosts: histories
        .filter(({ name }) => roleOf(nodeIdOf(name)) === 'broker')
        .map(({ events }) => {
          const own = executionCost(events);
          return {
            transitions: own.transitions + share(parent.transitions),
            historyEvents: own.historyEvents + share(parent.historyEvents),
          };
        }),
    };
  }

  async untilComplete(planId: string): Promise<void> {
    const end = performance.now() + patienceSeconds * 1000;
    for (;;) {
      const { status, errors } = await this.#service.plan(planId);
      if (status === 'COMPLETE') return;
      if (performance.now() > end)
        throw new Error(`plan ${planId} is ${status} after ${patienceSeconds} s: ${JSON.stringify(errors)}`);
      await new Promise((done) => setTimeout(done, lookEveryMs));
    }
  }
}
