import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import { applyChanges } from './apply-changes.ts';
import { sortKey } from './domain-name.ts';
import type { ChangeRecord, RecordSet } from './records.ts';
import { invalidInput } from './refusals.ts';
import type { Route53Store } from './store.ts';

const MOST_ITEMS = 300;

/** The operations on record sets and on changes. */
export function recordSetHandlers(store: Route53Store): Handlers {
  return {
    ChangeResourceRecordSets({ HostedZoneId, ChangeBatch }) {
      const zone = store.zone(HostedZoneId);
      const recordSets = applyChanges(zone, ChangeBatch.Changes);
      store.zones.set(zone.id, { ...zone, recordSets });
      return { ChangeInfo: showChange(store.submit(ChangeBatch.Comment)) };
    },

    GetChange: ({ Id }) => ({ ChangeInfo: showChange(store.change(Id)) }),

    ListResourceRecordSets(input) {
      const members = ['HostedZoneId', 'StartRecordName', 'StartRecordType', 'MaxItems'];
      refuseMembers(input, { operation: 'route53 ListResourceRecordSets', members, code: 'InvalidInput' });
      const { HostedZoneId, StartRecordName: startName, StartRecordType: startType, MaxItems } = input;
      const zone = store.zone(HostedZoneId);
      if (startType !== undefined && startName === undefined)
        throw invalidInput('StartRecordType is only allowed together with StartRecordName');
      const start = startName === undefined ? '' : positionOf({ name: startName.toLowerCase(), type: startType ?? '' });
      const limit = Math.min(MaxItems ?? MOST_ITEMS, MOST_ITEMS);
      if (limit < 1) throw invalidInput(`MaxItems ${MaxItems} is not allowed: 1 to ${MOST_ITEMS}`);
      const found = zone.recordSets
        .filter((set) => positionOf(set) >= start)
        .toSorted((one, other) => (positionOf(one) < positionOf(other) ? -1 : 1));
      const next = found[limit];
      return {
        ResourceRecordSets: found.slice(0, limit).map(showRecordSet),
        IsTruncated: next !== undefined,
        MaxItems: limit,
        ...(next === undefined ? {} : { NextRecordName: next.name, NextRecordType: next.type }),
      };
    },
  };
}

/** A change as the answers carry it. */
export function showChange({ id, status, submittedAt, comment }: ChangeRecord): object {
  return {
    Id: `/change/${id}`,
    Status: status,
    SubmittedAt: new Date(submittedAt),
    ...(comment === undefined ? {} : { Comment: comment }),
  };
}

function showRecordSet({ name, type, ttl, values }: RecordSet): object {
  return { Name: name, Type: type, TTL: ttl, ResourceRecords: values.map((Value) => ({ Value })) };
}

/** Listed by name, then by type. */
function positionOf({ name, type }: { readonly name: string; readonly type: string }): string {
  return `${sortKey(name)} ${type}`;
}
