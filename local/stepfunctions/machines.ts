import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { AwsError } from '../core/aws-error.ts';
import { DurableMap } from '../core/durable-map.ts';
import type { Cloud } from '../core/service.ts';
import type { DefinitionStore } from './definition-store.ts';
import type { Executions } from './executions.ts';
import type { Clock } from './interpreter/clock.ts';
import { checkArn } from './names.ts';
import type { LoggingConfiguration, StateMachine } from './state-machine.ts';

/** What the state machines of a cloud need. */
export interface MachinesOptions {
  readonly cloud: Pick<Cloud, 'region' | 'accountId' | 'partition'>;
  readonly records: DurableMap<StateMachine>;
  readonly definitions: DefinitionStore;
  readonly executions: Executions;
  readonly clock: Clock;
}

/** What a machine is made from. */
export interface MachineInput
  extends Pick<StateMachine, 'name' | 'roleArn' | 'loggingConfiguration' | 'tracingConfiguration' | 'tags'> {
  readonly definition: string;
}

/** The stored machines of a cloud. */
export function openMachineRecords(folder: string): DurableMap<StateMachine> {
  return new DurableMap(join(folder, 'state-machines.jsonl'));
}

/** How a machine logs; undefined when it is gone. */
export function loggingOf(
  records: DurableMap<StateMachine>,
  stateMachineArn: string,
): LoggingConfiguration | undefined {
  return records.get(stateMachineArn)?.loggingConfiguration;
}

/** The state machines of this cloud. */
export class Machines {
  readonly #options: MachinesOptions;

  constructor(options: MachinesOptions) {
    this.#options = options;
  }

  arnOf(name: string): string {
    const { partition, region, accountId } = this.#options.cloud;
    return `arn:${partition}:states:${region}:${accountId}:stateMachine:${name}`;
  }

  all(): StateMachine[] {
    return this.#options.records.values().sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get(stateMachineArn: string): StateMachine | undefined {
    return this.#options.records.get(stateMachineArn);
  }

  /** @throws InvalidArn, StateMachineDoesNotExist */
  find(stateMachineArn: string): StateMachine {
    const machine = this.get(checkArn(stateMachineArn, 'stateMachine'));
    if (machine !== undefined) return machine;
    throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
  }

  definitionOf(machine: StateMachine): string {
    return this.#options.definitions.text(machine.definitionHash);
  }

  create({ definition, ...members }: MachineInput): StateMachine {
    const now = this.#options.clock.now();
    return this.#store({
      ...members,
      stateMachineArn: this.arnOf(members.name),
      definitionHash: this.#options.definitions.put(definition),
      status: 'ACTIVE',
      createdAt: now,
      updatedAt: now,
      revisionId: randomUUID(),
    });
  }

  /** Changes a machine for the executions that start from now on. */
  update(machine: StateMachine, { definition, ...members }: Partial<MachineInput>): StateMachine {
    const { definitions, clock } = this.#options;
    const definitionHash = definition === undefined ? machine.definitionHash : definitions.put(definition);
    const updated = { ...machine, ...members, definitionHash };
    return this.#store({ ...updated, updatedAt: clock.now(), revisionId: randomUUID() });
  }

  /** Ends the machine's executions and forgets it and them. Idempotent; a machine that is not there is no error. */
  async delete(stateMachineArn: string): Promise<void> {
    const machine = this.get(checkArn(stateMachineArn, 'stateMachine'));
    if (machine === undefined) return;
    // Stored first: when this process dies on the way, resume finishes the deletion.
    this.#store({ ...machine, status: 'DELETING' });
    const { executions, records } = this.#options;
    for (const { executionArn } of executions.index.ofMachine(stateMachineArn)) {
      await executions.runner(executionArn)?.deliver({ type: 'stopped' });
      executions.remove(executionArn);
    }
    records.delete(stateMachineArn);
  }

  /** Finishes deletions that a crash cut off. */
  async resume(): Promise<void> {
    for (const { stateMachineArn, status } of this.all()) if (status === 'DELETING') await this.delete(stateMachineArn);
  }

  replaceTags(machine: StateMachine, tags: StateMachine['tags']): void {
    this.#store({ ...machine, tags });
  }

  #store(machine: StateMachine): StateMachine {
    this.#options.records.set(machine.stateMachineArn, machine);
    return machine;
  }
}
