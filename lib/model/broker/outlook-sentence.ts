/** Why a node cannot run where its volume is, wherever it waits. */
export type NodeLoss =
  /** No host of the zone takes tasks or is in touch, since then (epoch milliseconds). */
  | { readonly type: 'zone'; readonly zone: string; readonly since: number }
  /** EC2 has forgotten it, or calls it `error`, which never ends. */
  | { readonly type: 'volume'; readonly volumeId: string; readonly state: 'gone' | 'error' };

/** What becomes of a node that cannot run where its volume is. */
export type ReplacementOutlook = { readonly pod: string; readonly loss: NodeLoss } & NextForIt;

export type NextForIt =
  /** The only voter has what nobody else has. */
  | { readonly type: 'nobody can' }
  /** `enable_replacement` is off. */
  | { readonly type: 'operator' }
  | { readonly type: 'stop not proven' }
  /** Not before then (epoch milliseconds). */
  | { readonly type: 'later'; readonly notBefore: number; readonly why: 'grace period' | 'delay' }
  | { readonly type: 'after another'; readonly other: string }
  | { readonly type: 'no quorum'; readonly running: number; readonly needed: number }
  | { readonly type: 'now' };

/** As a sentence without its full stop. */
export function lossSentence(loss: NodeLoss): string {
  if (loss.type === 'zone') {
    const since = new Date(loss.since).toISOString();
    return `no host of ${loss.zone} has been in touch since ${since}, and a volume never leaves its zone`;
  }
  return loss.state === 'gone'
    ? `EC2 does not know volume ${loss.volumeId} any more`
    : `EC2 calls volume ${loss.volumeId} "error", which never ends`;
}

/** As a sentence without its full stop. */
export function outlookSentence(outlook: ReplacementOutlook): string {
  return `${lossSentence(outlook.loss)}: ${nextSentence(outlook)}`;
}

/** What is under way may take long: an operator's word needs not wait for it, only for what Kafka says. */
function afterSentence(pod: string, other: string): string {
  return `it is replaced by itself after ${other}, whose replacement or move is under way; "warden pod replace ${pod} --discard" does not wait for that`;
}

function nextSentence({ pod, ...next }: ReplacementOutlook): string {
  switch (next.type) {
    case 'nobody can':
      return `${pod} is the only voter of the quorum, and nobody else has the metadata of the cluster: it goes on when host and volume are back`;
    case 'operator':
      return `"warden pod replace ${pod} --discard" starts it with an empty volume, which Kafka fills from the other replicas; with service.enable_replacement Warden does so by itself`;
    case 'stop not proven':
      return 'nothing proves that its process is gone, so it is not replaced';
    case 'later':
      return `it is replaced by itself after ${new Date(next.notBefore).toISOString()}, when its ${next.why === 'delay' ? 'least time since the last replacement (min_delay_between_recovers_secs)' : 'grace period (recover_in_place_grace_period_secs)'} is over`;
    case 'after another':
      return next.other === pod ? 'it is being replaced' : afterSentence(pod, next.other);
    case 'no quorum':
      return `it is replaced by itself once ${next.needed} controllers run beside it; ${next.running} do`;
    case 'now':
      return 'it is replaced by itself with the next look, within five minutes';
  }
}
