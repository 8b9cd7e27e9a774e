import type { PlanDocument, PlanInBlocks } from '../../../lib/contract/plan-schema.ts';
import { firstControllerId } from '../../../lib/model/node.ts';
import { until } from '../rights/installation.ts';
import type { Answer, Cluster, NodeStart } from './cluster.ts';

export type StepDocument = PlanDocument['phases'][number]['steps'][number];

/** An update that was accepted. */
export interface AcceptedUpdate {
  readonly planId: string;
  readonly configId: string;
}

/** Two processors that others share: patience costs nothing while all goes well. */
const patienceSeconds = 900;

/** One service as its operator sees it: through the API alone. */
export class Service {
  readonly name: string;
  readonly #cluster: Cluster;

  constructor(cluster: Cluster, name: string) {
    this.#cluster = cluster;
    this.name = name;
  }

  /** A call below `/service/{name}/v1`. */
  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.#cluster.call(method, `/service/${this.name}/v1${path}`, body);
  }

  async install(options: object): Promise<void> {
    const answer = await this.#cluster.call('POST', '/services', { options });
    if (answer.status !== 202) throw new Error(`install answered ${show(answer)}`);
    await this.untilComplete('deploy');
  }

  async uninstall(): Promise<void> {
    await this.#cluster.call('DELETE', `/service/${this.name}?confirm=${this.name}`);
    await until(`${this.name} is gone`, patienceSeconds, async () => {
      const { body } = await this.#cluster.call('GET', '/services');
      return (body as readonly { readonly name: string }[]).some(({ name }) => name === this.name) ? undefined : true;
    });
  }

  /** Asks for an update, whatever the answer is. */
  async askForUpdate(options: object, query = ''): Promise<Answer> {
    return this.#cluster.call('PATCH', `/service/${this.name}${query}`, { options });
  }

  /** @throws Error when it is not accepted */
  async update(options: object): Promise<AcceptedUpdate> {
    const answer = await this.askForUpdate(options);
    if (answer.status !== 202)
      throw new Error(`the update ${JSON.stringify(options)} was answered with ${show(answer)}`);
    return answer.body as AcceptedUpdate;
  }

  /** A plan as the 2.x guides show it; `deploy` or an id. */
  async plan(plan: string): Promise<PlanDocument> {
    const answer = await this.call('GET', `/plans/${plan}`);
    if (![200, 202, 417].includes(answer.status)) throw new Error(`plan ${plan} was answered with ${show(answer)}`);
    return answer.body as PlanDocument;
  }

  /** The deploy plan as the 1.x guide shows it. */
  async blocks(): Promise<PlanInBlocks> {
    return (await this.call('GET', '/plan')).body as PlanInBlocks;
  }

  async steps(plan: string): Promise<readonly StepDocument[]> {
    return (await this.plan(plan)).phases.flatMap(({ steps }) => steps);
  }

  async step(plan: string, nodeId: number): Promise<StepDocument> {
    const found = (await this.steps(plan)).find(({ name }) => nodeOf(name) === nodeId);
    if (found === undefined) throw new Error(`plan ${plan} has no step of node ${nodeId}`);
    return found;
  }

  /** Waits until a plan shows something; a control plane that is down meanwhile is waited for. */
  async untilPlan<Found>(
    what: string,
    plan: string,
    look: (plan: PlanDocument) => Found | undefined,
    seconds: number = patienceSeconds,
  ): Promise<Found> {
    let last: unknown;
    try {
      return await until(what, seconds, async () => {
        last = await this.plan(plan).catch((error: unknown) => error);
        return last instanceof Error ? undefined : look(last as PlanDocument);
      });
    } catch (error) {
      const shown = last instanceof Error ? last.message : JSON.stringify(last, undefined, 1);
      throw new Error(`${this.name}: ${error instanceof Error ? error.message : error}; the plan: ${shown}`, {
        cause: error,
      });
    }
  }

  async untilComplete(plan: string): Promise<PlanDocument> {
    return this.untilPlan('the plan is complete', plan, (seen) => (seen.status === 'COMPLETE' ? seen : undefined));
  }

  /** Waits until a plan stands still for an operator. */
  async untilWaiting(plan: string): Promise<PlanDocument> {
    return this.untilPlan('the plan waits for an operator', plan, (seen) =>
      seen.status === 'WAITING' ? seen : undefined,
    );
  }

  /** Gives a command to a plan in the words of 2.x. @throws Error when it is refused */
  async command(plan: string, command: string, query = ''): Promise<Answer> {
    const answer = await this.call('POST', `/plans/${plan}/${command}${query}`);
    if (answer.status !== 200) throw new Error(`${command} of plan ${plan} was answered with ${show(answer)}`);
    return answer;
  }

  /** Waits until its plan is complete, nothing is recovered, and every broker serves. */
  async untilSettled(brokers: number): Promise<void> {
    await this.untilComplete('deploy');
    await until(`${this.name} is settled`, patienceSeconds, async () => {
      const plans = (await this.call('GET', '/plans')).body;
      const serving = (await this.call('GET', '/brokers')).body;
      const isBack = Array.isArray(serving) && serving.length === brokers;
      return isBack && Array.isArray(plans) && !plans.includes('recovery') ? true : undefined;
    });
  }

  async bootstrap(): Promise<string> {
    const { body } = await this.call('GET', '/connection');
    return (body as { readonly address: readonly string[] }).address.join(',');
  }

  async starts(sinceMs: number): Promise<readonly NodeStart[]> {
    return this.#cluster.starts(this.name, sinceMs);
  }

  /** Warden's own words for what the nodes are brought to. */
  async kafkaOptions(): Promise<Readonly<Record<string, unknown>>> {
    const { body } = await this.call('GET', '/describe');
    return (body as { resolvedOptions: { kafka: Record<string, unknown> } }).resolvedOptions.kafka;
  }

  /** The controller that leads the quorum, by Kafka's own tool. */
  async activeController(): Promise<number> {
    const text = await this.#cluster.kafkaTool(
      'kafka-metadata-quorum.sh',
      ...['--bootstrap-server', await this.bootstrap(), 'describe', '--status'],
    );
    const leader = /LeaderId:\s+(\d+)/.exec(text)?.[1];
    if (leader === undefined) throw new Error(`kafka-metadata-quorum.sh names no leader: ${text}`);
    return Number(leader);
  }
}

/** Node id of a step: `kafka-0:[broker]` is broker 0, `controller-0:[controller]` is node 1000. */
export function nodeOf(name: string): number {
  const [, pod, number] = /^(\w+)-(\d+)/.exec(name) ?? [];
  if (number === undefined) throw new Error(`${name} names no node`);
  return pod === 'controller' ? firstControllerId + Number(number) : Number(number);
}

export function show({ status, body }: Answer): string {
  return `${status} ${typeof body === 'string' ? body : JSON.stringify(body)}`;
}
