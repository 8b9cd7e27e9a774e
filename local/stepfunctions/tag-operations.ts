import type { ListTagsForResourceInput, TagResourceInput, UntagResourceInput } from '@aws-sdk/client-sfn';
import { AwsError } from '../core/aws-error.ts';
import type { Handlers } from '../core/service.ts';
import type { Machines } from './machines.ts';
import { checkArn } from './names.ts';
import type { StateMachine } from './state-machine.ts';

const mostTags = 50;

/** The operations on the tags of state machines. */
export function createTagHandlers(machines: Machines): Handlers {
  return {
    ListTagsForResource: (input: ListTagsForResourceInput) => ({ tags: taggedMachine(machines, input).tags }),
    TagResource: (input: TagResourceInput) => {
      const machine = taggedMachine(machines, input);
      const added = input.tags ?? [];
      const kept = machine.tags.filter(({ key }) => !added.some((tag) => tag.key === key));
      const tags = [...kept, ...added];
      if (tags.length > mostTags) {
        throw new AwsError('TooManyTags', `${tags.length} tags; ${mostTags} are allowed.`, 400, {
          resourceName: machine.stateMachineArn,
        });
      }
      machines.replaceTags(machine, tags);
      return {};
    },
    UntagResource: (input: UntagResourceInput) => {
      const machine = taggedMachine(machines, input);
      const removed = new Set(input.tagKeys);
      machines.replaceTags(
        machine,
        machine.tags.filter(({ key }) => key === undefined || !removed.has(key)),
      );
      return {};
    },
  };
}

function taggedMachine(machines: Machines, { resourceArn = '' }: { resourceArn?: string | undefined }): StateMachine {
  const machine = machines.get(checkArn(resourceArn, 'stateMachine'));
  if (machine !== undefined) return machine;
  throw new AwsError('ResourceNotFound', `Resource not found: '${resourceArn}'`, 400, { resourceName: resourceArn });
}
