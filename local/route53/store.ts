import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { AwsError } from '../core/aws-error.ts';
import { DurableMap } from '../core/durable-map.ts';
import type { Cloud } from '../core/service.ts';
import type { ChangeRecord, ZoneRecord } from './records.ts';
import { noSuchHostedZone } from './refusals.ts';
import { writeResolverFiles } from './write-resolver-files.ts';

/** How long a change takes until every resolver has it; on AWS usually less than a minute. */
const PROPAGATION_MS = 300;
/** How many changes can still be asked for. */
const KEPT_CHANGES = 1000;

const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Zones with their records, and changes on their way to the resolvers. */
export class Route53Store {
  readonly zones: DurableMap<ZoneRecord>;
  readonly changes: DurableMap<ChangeRecord>;
  readonly #cloud: Cloud;
  #timer: NodeJS.Timeout | undefined;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    const folder = join(cloud.dataFolder, 'route53');
    this.zones = new DurableMap(join(folder, 'zones.jsonl'));
    this.changes = new DurableMap(join(folder, 'changes.jsonl'));
  }

  /** Takes up the changes that an earlier process left on their way. */
  start(): void {
    this.#propagate();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  newId(first: 'C' | 'Z'): string {
    return `${first}${Array.from({ length: 20 }, () => ID_LETTERS.charAt(randomInt(ID_LETTERS.length))).join('')}`;
  }

  /** @throws NoSuchHostedZone */
  zone(id: string): ZoneRecord {
    const zone = this.zones.get(plainId(id));
    if (zone === undefined) throw noSuchHostedZone(plainId(id));
    return zone;
  }

  /** @throws NoSuchChange */
  change(id: string): ChangeRecord {
    const change = this.changes.get(plainId(id));
    if (change === undefined) throw new AwsError('NoSuchChange', `Could not find resource with ID: ${plainId(id)}`);
    return change;
  }

  /** Stores a change of zones that was made just now; resolvers have it when it is INSYNC. */
  submit(comment?: string): ChangeRecord {
    const change: ChangeRecord = {
      id: this.newId('C'),
      submittedAt: Date.now(),
      status: 'PENDING',
      ...(comment === undefined ? {} : { comment }),
    };
    this.changes.set(change.id, change);
    for (const id of this.changes.keys().slice(0, -KEPT_CHANGES)) this.changes.delete(id);
    this.#timer ??= setTimeout(() => this.#propagate(), PROPAGATION_MS);
    return change;
  }

  /** What resolvers answer is written first, then the changes become INSYNC. */
  #propagate(): void {
    this.#timer = undefined;
    writeResolverFiles(this.#cloud.dataFolder, this.zones.values());
    for (const change of this.changes.values())
      if (change.status === 'PENDING') this.changes.set(change.id, { ...change, status: 'INSYNC' });
  }
}

/** Answers carry `/hostedzone/Z…` and `/change/C…`; requests may carry either form. */
function plainId(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
