import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { CreateChangeSetInput, CreateChangeSetOutput } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../core/aws-error.ts';
import type { Caller } from '../../core/service.ts';
import type { Engine } from '../engine/engine.ts';
import type { EvaluatedConfiguration } from '../engine/evaluate-configuration.ts';
import type { ChangeSetRecord, Configuration, StackRecord } from '../records.ts';
import { parseTemplate } from '../template/parse-template.ts';
import { validationError } from '../template/validation-error.ts';
import { getStackInBrackets, refuseUnlessUpdatable } from './find-stack.ts';
import { newStack, reviewStack } from './new-stack.ts';
import { planChanges } from './plan-changes.ts';
import { readConfiguration } from './read-configuration.ts';

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/**
 * Plans what a template would change. A plan without changes is stored as failed, in the words that clients know.
 *
 * @throws AwsError ValidationError, AlreadyExistsException, InsufficientCapabilitiesException
 */
export async function createChangeSet(
  engine: Engine,
  input: CreateChangeSetInput,
  caller: Caller,
): Promise<CreateChangeSetOutput> {
  const name = input.ChangeSetName ?? '';
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
    throw validationError(`Change set name ${name} must match [a-zA-Z][-a-zA-Z0-9]* and be at most 128 long.`);
  const stack = stackToChange(engine, input);
  const existing = engine.store.changeSets(stack.id).find((changeSet) => changeSet.name === name);
  if (existing !== undefined) {
    if (input.ClientToken !== undefined && existing.clientToken === input.ClientToken) return idsOf(existing);
    throw new AwsError(
      'AlreadyExistsException',
      `ChangeSet ${name} cannot be created due to a mismatch with existing attribute Name.`,
    );
  }
  const { configuration, evaluated } = await readConfiguration(engine, stack, { ...input, caller });
  if (stack.status === 'REVIEW_IN_PROGRESS') reviewStack(engine, stack);
  const changeSet = plan(engine, { stack, input, name }, { configuration, evaluated });
  engine.store.saveChangeSet(changeSet);
  return idsOf(changeSet);
}

/** The stack that the change set is for; one to be created exists, under review, from now on. */
function stackToChange(engine: Engine, input: CreateChangeSetInput): StackRecord {
  const found = input.StackName === undefined ? undefined : engine.store.findStack(input.StackName);
  if (input.ChangeSetType === 'CREATE') {
    if (found !== undefined && found.status !== 'REVIEW_IN_PROGRESS')
      throw validationError(
        `Stack [${found.name}] already exists and cannot be created again with the changeSet [${input.ChangeSetName}].`,
      );
    return found ?? newStack(engine, input.StackName ?? '');
  }
  if (input.ChangeSetType !== undefined && input.ChangeSetType !== 'UPDATE')
    throw validationError(
      `ChangeSetType ${input.ChangeSetType} is not in the local cloud, which does CREATE and UPDATE.`,
    );
  const stack = getStackInBrackets(engine.store, input.StackName);
  refuseUnlessUpdatable(stack);
  return stack;
}

function plan(
  engine: Engine,
  facts: { readonly stack: StackRecord; readonly input: CreateChangeSetInput; readonly name: string },
  wanted: { readonly configuration: Configuration; readonly evaluated: EvaluatedConfiguration },
): ChangeSetRecord {
  const { stack, input, name } = facts;
  const changes = planChanges(engine, stack.id, wanted);
  const isEmpty = changes.length === 0 && !changesStack(stack.deployed, wanted);
  const { region, accountId } = engine.cloud;
  return {
    id: `arn:aws:cloudformation:${region}:${accountId}:changeSet/${name}/${randomUUID()}`,
    name,
    stackId: stack.id,
    stackName: stack.name,
    type: input.ChangeSetType === 'CREATE' ? 'CREATE' : 'UPDATE',
    status: isEmpty ? 'FAILED' : 'CREATE_COMPLETE',
    ...(isEmpty ? { statusReason: NO_CHANGES } : {}),
    executionStatus: isEmpty ? 'UNAVAILABLE' : 'AVAILABLE',
    ...(input.Description === undefined ? {} : { description: input.Description }),
    createdAt: engine.store.now(),
    includeNestedStacks: input.IncludeNestedStacks ?? false,
    configuration: wanted.configuration,
    changes,
    ...(input.ClientToken === undefined ? {} : { clientToken: input.ClientToken }),
  };
}

/** Whether something changes beside resources: outputs and tags do, a description or a default does not. */
export function changesStack(
  deployed: Configuration | undefined,
  wanted: { readonly configuration: Configuration; readonly evaluated: EvaluatedConfiguration },
): boolean {
  if (deployed === undefined) return true;
  const { outputs } = parseTemplate(deployed.templateBody);
  return (
    !isDeepStrictEqual(deployed.tags, wanted.configuration.tags) ||
    !isDeepStrictEqual(outputs, wanted.evaluated.template.outputs)
  );
}

function idsOf(changeSet: ChangeSetRecord): CreateChangeSetOutput {
  return { Id: changeSet.id, StackId: changeSet.stackId };
}
