import type { NodeChange, RestartReason } from './node-change.ts';

/** Why an update does to a node what it does, in sentences: one for each reason. */
export function changeSentences(change: NodeChange): readonly string[] {
  switch (change.type) {
    case 'start':
      return ['it does not run: it is started into the new configuration'];
    case 'restart':
      return restartSentences(change.reasons);
    case 'dynamic':
      return change.properties.map((name) => `Kafka takes ${name} while it runs`);
    case 'none':
      return ['nothing of it changes'];
  }
}

export function restartSentences(reasons: readonly RestartReason[]): readonly string[] {
  return reasons.map(restartSentence);
}

function restartSentence(reason: RestartReason): string {
  switch (reason.type) {
    case 'property':
      return `Kafka reads ${reason.name} only when it starts`;
    case 'option':
      return `${reason.pointer} is given to the process when it starts`;
    case 'version':
      return `its version changes from ${reason.from} to ${reason.to}`;
    case 'operator':
      return `${reason.requestedBy} asked for a restart`;
    case 'controller address':
      return 'the controllers have moved, and it looks for them at the address that they had before';
    case 'host drains':
      return `its host ${reason.instanceId} drains`;
    case 'replacement':
      return reason.why === undefined
        ? `${reason.requestedBy} asked for its replacement`
        : `it is replaced: ${reason.why}`;
  }
}
