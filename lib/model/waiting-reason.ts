import { type DiscardRefusal, discardRefusalSentence } from './broker/discard-refusal.ts';
import { lossSentence, type NodeLoss, outlookSentence, type ReplacementOutlook } from './broker/outlook-sentence.ts';
import type { NodeLife } from './hosts/life.ts';
import type { FenceRefusal } from './hosts/records.ts';
import { type NodeId, podName } from './node.ts';
import { failedRules, type HostOutcome } from './placement/host-outcome.ts';

/**
 * Why a step waits, as data. The plan shows it at any moment, with the sentence of `waitingSentence`.
 * The list is closed: a new reason needs its sentence.
 */
export type WaitingReason =
  | { readonly type: 'turn'; readonly heldBy: string }
  | {
      readonly type: 'operator';
      /** The command that it waits for. */
      readonly decision: 'continue';
      readonly why: 'decision point' | 'interrupted';
      /** Name of the phase. */
      readonly phase: string;
      readonly planId: string;
    }
  /** Until an operator says `pod resume`, or the deadline has come (epoch milliseconds). */
  | { readonly type: 'paused'; readonly nodeId: NodeId; readonly requestedBy: string; readonly until?: number }
  | {
      readonly type: 'capacity';
      readonly role: string;
      /** The hosts that nearly fit first; when there are many, not all. */
      readonly hosts: readonly HostOutcome[];
      /** How many hosts were judged. */
      readonly registered: number;
      /** The host that it has to leave. */
      readonly insteadOf?: LeftHost;
      /** It may wait for ever. */
      readonly lost?: ReplacementOutlook;
      /** Why it must not take another volume, though it is wished. */
      readonly keepsVolume?: DiscardRefusal;
    }
  /** It is to give up its volume, and must not. */
  | {
      readonly type: 'discard';
      readonly nodeId: NodeId;
      readonly refusal: DiscardRefusal;
      /** That volume never comes back: what only it had may be waited for in vain. */
      readonly lost?: NodeLoss;
    }
  | {
      readonly type: 'volume';
      readonly volumeId: string;
      readonly state: string;
      /** It may wait for ever. */
      readonly lost?: ReplacementOutlook;
    }
  | { readonly type: 'name'; readonly name: string; readonly changeId: string }
  | { readonly type: 'task starting'; readonly taskArn: string }
  | { readonly type: 'task stopping'; readonly taskArn: string }
  | { readonly type: 'task refused'; readonly refusals: readonly string[] }
  /** ECS calls the task stopped, and nothing tells whether its process is gone. */
  | {
      readonly type: 'stop not proven';
      readonly nodeId: NodeId;
      readonly taskArn: string;
      readonly stoppedReason: string;
      /** Where it ran, as far as that is known. */
      readonly instanceId?: string;
    }
  /** Nobody tells whether its processes live, and EC2 does not say that it ended: nothing of it moves. */
  | {
      readonly type: 'host out of touch';
      readonly instanceId: string;
      /** Epoch milliseconds. */
      readonly since: number;
      /** All nodes there, of all services, and what Kafka says of each. */
      readonly nodes: readonly { readonly service: string; readonly pod: string; readonly life: NodeLife }[];
      /** The service that waits. */
      readonly service: string;
      /** Who asked for its end. */
      readonly fencedBy?: string;
      /** EC2 refused that last. */
      readonly refused?: FenceRefusal;
      /** Of a node that is somewhere else and waits for one there: what for, as a sentence. */
      readonly heldUp?: string;
    }
  /** The cloud has a task or a volume of the node that the table does not know yet. */
  | {
      readonly type: 'table older than the world';
      /** ARN of the task, id of the volume. */
      readonly id: string;
      readonly what: 'try' | 'generation';
      readonly found: number;
      readonly stored: number;
      readonly pod: string;
    }
  /** What an operator asked to be adopted could only be guessed. */
  | { readonly type: 'adoption'; readonly why: string }
  | { readonly type: 'roll safety'; readonly blockers: readonly string[] }
  | { readonly type: 'registration'; readonly nodeId: NodeId; readonly state: 'absent' | 'fenced' }
  /** The controllers have moved. It is restarted unless they hear of it soon. */
  | { readonly type: 'controller address'; readonly nodeId: NodeId }
  | { readonly type: 'properties'; readonly nodeId: NodeId; readonly names: readonly string[] }
  | { readonly type: 'replication'; readonly partitions: number; readonly example: string }
  | { readonly type: 'quorum'; readonly detail: string }
  /** In sync, and watched for the minimum soak. */
  | { readonly type: 'soak'; readonly seconds: number }
  | {
      readonly type: 'failover delay';
      readonly seconds: number;
      readonly attempt: number;
      readonly stoppedReason: string;
    }
  /** It has failed more often than its config allows, and nobody tries again by himself. */
  | {
      readonly type: 'deactivated';
      readonly nodeId: NodeId;
      readonly failures: number;
      /** How many were allowed. */
      readonly tries: number;
      readonly stoppedReason: string;
    }
  | { readonly type: 'error'; readonly name: string; readonly message: string };

/** A host that a node leaves, and why. */
export interface LeftHost {
  readonly instanceId: string;
  readonly why: 'gone' | 'drains' | 'stopped' | 'replaced';
}

const whyLeft: Readonly<Record<LeftHost['why'], string>> = {
  gone: 'which EC2 has terminated',
  drains: 'which drains',
  replaced: 'which it is to leave',
  stopped: 'which EC2 has stopped',
};

/** The sentence an operator reads: what is waited for and, where a person can help, what to do. */
export function waitingSentence(reason: WaitingReason): string {
  switch (reason.type) {
    case 'turn':
      return `waits for its turn: ${reason.heldBy}`;
    case 'operator':
      return `waits for an operator: ${operatorSentence(reason)}; "warden plan continue deploy" goes on`;
    case 'paused':
      return `${pausedSentence(reason)}; "warden pod resume ${podName(reason.nodeId)}" brings it back`;
    case 'capacity':
      return `waits for a host${insteadOfSentence(reason)}: ${capacitySentence(reason)}. It goes on by itself when a host joins or frees resources${takenBackSentence(reason)}${keepsSentence(reason)}${lostSentence(reason)}`;
    case 'discard':
      return discardSentence(reason);
    case 'volume':
      return `waits for volume ${reason.volumeId}, which is ${reason.state}${lostSentence(reason)}`;
    case 'name':
      return `waits until the name ${reason.name} is known everywhere (change ${reason.changeId} of Route 53)`;
    case 'task starting':
      return `waits for task ${reason.taskArn} to run`;
    case 'task stopping':
      return `waits for task ${reason.taskArn} to stop`;
    case 'task refused':
      return `ECS refused the task: ${reason.refusals.join('; ')}. It is tried again`;
    case 'stop not proven':
      return notProvenSentence(reason);
    case 'host out of touch':
      return outOfTouchSentence(reason);
    case 'table older than the world':
      return `the table is older than the world: ${reason.id} is ${reason.what} ${reason.found} of ${reason.pod}, and the table knows ${reason.stored}. Nothing of the node is started or stopped until an operator adopts it: "warden pod adopt ${reason.pod}"`;
    case 'adoption':
      return `cannot be adopted: ${reason.why}. It is tried again`;
    case 'roll safety':
      return `must not stop now: ${reason.blockers.join('; ')}`;
    case 'registration':
      return `waits for node ${reason.nodeId} to register: it is ${reason.state}`;
    case 'controller address':
      return `the controllers have moved and have not heard of node ${reason.nodeId} since: it is restarted with their new addresses unless they soon do`;
    case 'properties':
      return `waits until node ${reason.nodeId} has taken ${reason.names.join(', ')}`;
    case 'replication':
      return `waits until all replicas are in sync: ${reason.partitions} partitions are behind, for example ${reason.example}`;
    case 'quorum':
      return `waits for the controller quorum: ${reason.detail}`;
    case 'soak':
      return `is in sync, and is watched for ${reason.seconds} s more before the next node begins`;
    case 'failover delay':
      return `starts again in ${reason.seconds} s (try ${reason.attempt}): ${reason.stoppedReason}`;
    case 'deactivated':
      return deactivatedSentence(reason);
    case 'error':
      return `${reason.name}: ${reason.message}. It is tried again`;
  }
}

function deactivatedSentence({ nodeId, failures, tries, stoppedReason }: Of<'deactivated'>): string {
  const times = failures === 1 ? '1 failure' : `${failures} failures in a row`;
  return `was deactivated after ${times} (failover_max_tries is ${tries}), the last one: ${stoppedReason}; "warden pod resume ${podName(nodeId)}" reactivates it`;
}

function notProvenSentence({ nodeId, taskArn, stoppedReason, instanceId }: Of<'stop not proven'>): string {
  const look = `make sure that no process of it is left${instanceId === undefined ? '' : ` on host ${instanceId}`}`;
  const word = `"warden pod stop-proven ${podName(nodeId)} ${taskArn}" says so`;
  const fence =
    instanceId === undefined
      ? ''
      : `; where nobody can look, "warden host fence ${instanceId}" ends the host, with all nodes there`;
  return `the stop of task ${taskArn} is not proven (${stoppedReason}): ${look}, then ${word}${fence}`;
}

/** Of the wish that a host ends; without its full stop. */
export function refusalSentence({ at, why }: FenceRefusal): string {
  const words = why.replace(/\.$/, '');
  return `EC2 refused to terminate it at ${new Date(at).toISOString()}: ${words}. It is asked again every five minutes`;
}

function outOfTouchSentence(reason: Of<'host out of touch'>): string {
  const { instanceId, since, nodes, service, fencedBy, refused, heldUp } = reason;
  const own = nodes.filter((node) => node.service === service).map(({ pod, life }) => `${pod} (${lifeWords[life]})`);
  const others = nodes.filter((node) => node.service !== service);
  const theirs = others.map((node) => `${node.service}/${node.pod} (${lifeWords[node.life]})`);
  const all = `${own.join(', ')}${theirs.length === 0 ? '' : `, and of other services ${theirs.join(', ')}`}`;
  const whatToDo =
    fencedBy === undefined
      ? `make sure that it may end, then "warden host fence ${instanceId}" terminates it`
      : `${fencedBy} has it terminated${refused === undefined ? '' : `, and ${refusalSentence(refused)}`}`;
  return `${heldUp ?? 'waits'}: host ${instanceId} is out of touch since ${new Date(since).toISOString()}, and only its end would prove the end of what runs there: ${all}. Nothing of it moves before it is back or EC2 has ended it; ${whatToDo}`;
}

const lifeWords: Readonly<Record<NodeLife, string>> = {
  alive: 'alive by Kafka',
  dead: 'dead by Kafka',
  unknown: 'not known',
};

type Of<Type extends WaitingReason['type']> = Extract<WaitingReason, { type: Type }>;

function operatorSentence({ why, phase }: Extract<WaitingReason, { type: 'operator' }>): string {
  switch (why) {
    case 'decision point':
      return `phase ${phase} stops here until somebody has looked at the service`;
    case 'interrupted':
      return `the plan was interrupted in phase ${phase}`;
  }
}

function pausedSentence({ nodeId, requestedBy, until }: Extract<WaitingReason, { type: 'paused' }>): string {
  const end = until === undefined ? '' : ` until ${new Date(until).toISOString()}`;
  return `waits for an operator: ${requestedBy} has paused ${podName(nodeId)}${end}`;
}

function insteadOfSentence({ insteadOf }: Extract<WaitingReason, { type: 'capacity' }>): string {
  return insteadOf === undefined ? '' : ` in the place of ${insteadOf.instanceId}, ${whyLeft[insteadOf.why]}`;
}

/** Of a node that an operator wants elsewhere, which may just as well stay. */
function takenBackSentence({ insteadOf }: Of<'capacity'>): string {
  return insteadOf?.why === 'replaced' ? '; "warden pod resume" of the pod takes the replacement back' : '';
}

/** After the first sentence. */
function lostSentence({ lost }: Of<'capacity' | 'volume'>): string {
  if (lost === undefined) return '';
  const sentence = outlookSentence(lost);
  return `. ${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}

function keepsSentence({ keepsVolume }: Of<'capacity'>): string {
  return keepsVolume === undefined ? '' : `, or when it may give up its volume: ${discardRefusalSentence(keepsVolume)}`;
}

function discardSentence({ nodeId, refusal, lost }: Of<'discard'>): string {
  const pod = podName(nodeId);
  const keeps =
    lost === undefined ? 'keeps its volume' : `has lost its volume (${lossSentence(lost)}) and gets no other one`;
  const inVain = lost === undefined ? '' : wayOutSentence(pod, refusal);
  return `${keeps}: ${discardRefusalSentence(refusal)}. It is replaced as soon as that has changed${inVain}; "warden pod resume ${pod}" takes the replacement back`;
}

/** Of a volume that never comes back: others may have its data, and Kafka may not trust them. */
function wayOutSentence(pod: string, { type }: DiscardRefusal): string {
  const force = `"warden pod replace ${pod} --discard --force" gives up what only it had`;
  if (type === 'no witness') return `. Where it never will, ${force}`;
  if (type !== 'last replicas') return '';
  const tools =
    '"kafka-log-dirs.sh --describe" shows which has the most, "kafka-leader-election.sh --election-type UNCLEAN"';
  return `. Where it never will, have a replica that is left lead: ${tools}; where none is left, ${force}`;
}

const hostsInSentence = 3;

function capacitySentence({ hosts, registered }: Extract<WaitingReason, { type: 'capacity' }>): string {
  if (hosts.length === 0) return 'no host is registered';
  const named = hosts.slice(0, hostsInSentence).map((host) => {
    const reasons = failedRules(host).map(({ explanation }) => explanation);
    return `${host.instanceId} (${host.zone}) ${reasons.join(', ')}`;
  });
  const others = registered - named.length;
  return [...named, ...(others > 0 ? [othersSentence(others, hosts.slice(hostsInSentence))] : [])].join('; ');
}

function othersSentence(others: number, hosts: readonly HostOutcome[]): string {
  const rules = [...new Set(hosts.flatMap((host) => failedRules(host).map(({ rule }) => rule)))];
  return `${others} more ${others === 1 ? 'host fails' : 'hosts fail'} by ${rules.join(', ')}`;
}
