import * as z from 'zod';
import { optionsJsonSchema } from './options-json-schema.ts';
import {
  blocksCommandQuerySchema,
  blocksQuerySchema,
  healthQuerySchema,
  historyQuerySchema,
  installRequestSchema,
  pauseBodySchema,
  pauseQuerySchema,
  planParametersSchema,
  replacePodQuerySchema,
  replaceQuerySchema,
  stepQuerySchema,
  stopProvenSchema,
  taskNamesSchema,
  uninstallQuerySchema,
  updateQuerySchema,
  updateRequestSchema,
} from './request-schemas.ts';

/** Gives the schemas of requests their words in the OpenAPI document. Idempotent. */
export function describeRequests(): void {
  const { globalRegistry: words } = z;
  words.add(installRequestSchema, { id: 'InstallRequest' });
  words.add(installRequestSchema.shape.options, {
    override: optionsJsonSchema(),
    description: 'The options document.',
  });
  words.add(installRequestSchema.shape.packageVersion, { description: 'Default: the newest version.' });
  words.add(uninstallQuerySchema.shape.confirm, { description: 'The name of the service again.' });
  words.add(uninstallQuerySchema.shape.keepVolumes, { description: 'Keep the volumes. Default: false.' });
  words.add(healthQuerySchema.shape.verbose, { description: 'Also say what is well. Default: false.' });
  describeUpdates();
  describeCommands();
}

function describeUpdates(): void {
  const { globalRegistry: words } = z;
  const { options, replace, packageVersion } = updateRequestSchema.shape;
  words.add(updateRequestSchema, { id: 'UpdateRequest' });
  words.add(options, {
    override: optionsJsonSchema(),
    description: 'The options that change; null: back to the default.',
  });
  words.add(replace, { description: 'Leave out what was stored: defaults ← given. Default: false.' });
  words.add(packageVersion, { description: 'Default: as it is.' });
  words.add(updateQuerySchema.shape.preview, { description: 'Change nothing and show the plan. Default: false.' });
  words.add(historyQuerySchema.shape.limit, { description: 'How many, from 1 to 100. Default: 20.' });
  words.add(historyQuerySchema.shape.before, { description: 'The `cursor` of the page before. Default: the newest.' });
}

function describeCommands(): void {
  const { globalRegistry: words } = z;
  const { phase, step } = stepQuerySchema.shape;
  words.add(stopProvenSchema, { id: 'StopProven' });
  words.add(stopProvenSchema.shape.taskArn, { description: 'The very task that the pod waits for.' });
  words.add(planParametersSchema, { id: 'PlanParameters', description: 'Plans take none so far: `{}`.' });
  words.add(phase, { description: 'Name or id of a phase. Default: the whole plan.' });
  words.add(step, { description: 'Name or id of a step; needs `phase`. Default: the whole phase.' });
  words.add(blocksQuerySchema.shape.block, { description: 'Name or id of a block; needs `phase`.' });
  words.add(blocksQuerySchema.shape.step, { description: 'Another name of `block`; one of them is given.' });
  words.add(blocksCommandQuerySchema.shape.cmd, { description: 'The command.' });
  words.add(taskNamesSchema, { id: 'TaskNames', description: 'Tasks of the pod, which has one; none: all of them.' });
  words.add(pauseBodySchema, {
    id: 'PauseRequest',
    description: 'Tasks of the pod, as in the 2.x guides; or `until`, when it comes back by itself.',
  });
  words.add(pauseQuerySchema.shape.for, {
    description: 'How long, like 90s, 30m or 1h30m. Default: until an operator resumes it.',
  });
  words.add(replaceQuerySchema.shape.replace, {
    description: 'Replace it: on another host, with its volume. Default: false.',
  });
  words.add(replacePodQuerySchema.shape.volume, {
    description: 'keep: on another host, with its volume. discard: with an empty one. Default: keep.',
  });
  words.add(replacePodQuerySchema.shape.force, {
    description: 'With discard: also when no other broker has what is on the volume. Default: false.',
  });
}
