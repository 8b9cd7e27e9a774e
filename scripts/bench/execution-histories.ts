import {
  type ExecutionListItem,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { localClient } from '../launch/local-client.ts';
import type { ExecutionHistory } from './histories.ts';

/** Reads the histories of a plan's executions as AWS's API tells them. */
export class ExecutionHistories {
  readonly #sfn: SFNClient;

  constructor(port: number) {
    this.#sfn = new SFNClient(localClient(`http://127.0.0.1:${port}`));
  }

  /** The executions of a machine (for example `broker`) whose names begin with the plan's id, ended or not, oldest first. */
  async ofPlan(machine: string, planId: string): Promise<readonly ExecutionHistory[]> {
    const { stateMachines = [] } = await this.#sfn.send(new ListStateMachinesCommand({}));
    const stateMachineArn = stateMachines.find(({ name }) => name === `Warden-${machine}`)?.stateMachineArn;
    if (stateMachineArn === undefined) throw new Error(`the stack has no state machine ${machine}`);
    const own = (await this.#executions(stateMachineArn))
      .filter(({ name = '' }) => name.startsWith(planId))
      .toReversed();
    return Promise.all(
      own.map(async ({ executionArn, name = '' }) => ({ name, events: await this.#events(executionArn) })),
    );
  }

  async #executions(stateMachineArn: string): Promise<readonly ExecutionListItem[]> {
    const executions: ExecutionListItem[] = [];
    let nextToken: string | undefined;
    do {
      const page = await this.#sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1000, nextToken }));
      executions.push(...(page.executions ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return executions;
  }

  async #events(executionArn: string | undefined): Promise<readonly HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = await this.#sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, nextToken }));
      events.push(...(page.events ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return events;
  }
}
