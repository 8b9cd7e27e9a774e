import type { Right } from '../../core/service.ts';
import { lastPart, type RightsCall } from './call.ts';

interface Change {
  readonly Action?: string;
  readonly ResourceRecordSet?: { readonly Name?: string; readonly Type?: string };
}

/**
 * On the hosted zone or the change; changes of records with their names, types and actions as condition keys.
 * Source: Service Authorization Reference, Amazon Route 53; its developer guide, fine-grained access to records.
 */
export function route53Rights({ operation, input }: RightsCall): readonly Right[] | undefined {
  const action = `route53:${operation}`;
  if (operation === 'GetChange') return [{ action, resource: `arn:aws:route53:::change/${lastPart(input.Id ?? '')}` }];
  const zone: string | undefined = input.HostedZoneId ?? (operation.includes('HostedZone') ? input.Id : undefined);
  if (zone === undefined) return undefined;
  const resource = `arn:aws:route53:::hostedzone/${lastPart(zone)}`;
  if (operation !== 'ChangeResourceRecordSets') return [{ action, resource }];
  return [{ action, resource, context: recordKeys(input.ChangeBatch?.Changes ?? []) }];
}

function recordKeys(changes: readonly Change[]): Record<string, readonly string[]> {
  return {
    'route53:changeresourcerecordsetsactions': unique(changes.map(({ Action }) => Action ?? '')),
    'route53:changeresourcerecordsetsnormalizedrecordnames': unique(
      changes.map(({ ResourceRecordSet }) => (ResourceRecordSet?.Name ?? '').toLowerCase().replace(/\.$/, '')),
    ),
    'route53:changeresourcerecordsetsrecordtypes': unique(
      changes.map(({ ResourceRecordSet }) => ResourceRecordSet?.Type ?? ''),
    ),
  };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
