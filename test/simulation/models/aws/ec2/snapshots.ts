import type { DescribeSnapshotsCommandInput } from '@aws-sdk/client-ec2';
import type { Random, SimulatedClock } from '../../../contract.ts';
import { failure, onlyMembers } from '../failure.ts';
import { newHex } from '../ids.ts';
import { filterBy, pageOf } from './describe.ts';
import type { VolumeRecord } from './records.ts';

interface SnapshotRecord {
  readonly id: string;
  readonly volumeId: string;
  readonly sizeGiB: number;
  readonly startedAt: number;
  readonly state: 'pending' | 'completed';
}

/** An incremental one of a volume that is little written to takes about so long. */
const shortestMs = 20_000;
const spreadMs = 60_000;

/** EBS snapshots, which somebody takes beside Warden: what they hold is as of the moment at which they begin. */
export class Snapshots {
  readonly #ports: { readonly clock: SimulatedClock; readonly random: Random };
  readonly #snapshots = new Map<string, SnapshotRecord>();

  constructor(ports: { readonly clock: SimulatedClock; readonly random: Random }) {
    this.#ports = ports;
  }

  take({ id: volumeId, sizeGiB }: VolumeRecord): string {
    const { clock, random } = this.#ports;
    const id = `snap-${newHex(random, 17)}`;
    const begun: SnapshotRecord = { id, volumeId, sizeGiB, startedAt: clock.now(), state: 'pending' };
    this.#snapshots.set(id, begun);
    clock.after(shortestMs + random.below(spreadMs), `${id} is completed`, () =>
      this.#snapshots.set(id, { ...begun, state: 'completed' }),
    );
    return id;
  }

  describe(input: DescribeSnapshotsCommandInput): object {
    onlyMembers('ec2 DescribeSnapshots', input, ['OwnerIds', 'Filters', 'MaxResults', 'NextToken']);
    const found = filterBy([...this.#snapshots.values()], input.Filters, ({ id, volumeId, state }) => ({
      values: { 'snapshot-id': [id], 'volume-id': [volumeId], status: [state] },
      tags: [],
    }));
    const { items, ...rest } = pageOf(found, input);
    return {
      Snapshots: items.map(({ id, volumeId, sizeGiB, startedAt, state }) => ({
        ...{ SnapshotId: id, VolumeId: volumeId, VolumeSize: sizeGiB, State: state },
        StartTime: new Date(startedAt),
      })),
      ...rest,
    };
  }

  /** Throws in EC2's words when no volume of this size can be made from it. */
  requireUsable(id: string, sizeGiB: number | undefined): void {
    const snapshot = this.#snapshots.get(id);
    if (snapshot === undefined) throw failure('InvalidSnapshot.NotFound', `The snapshot '${id}' does not exist.`);
    if (snapshot.state !== 'completed') throw failure('IncorrectState', `Snapshot is in invalid state - pending`);
    if (sizeGiB !== undefined && sizeGiB < snapshot.sizeGiB)
      throw failure(
        'InvalidParameterValue',
        `Volume of ${sizeGiB}GiB is smaller than snapshot '${id}', expect size >= ${snapshot.sizeGiB}GiB`,
      );
  }
}
