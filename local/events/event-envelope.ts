import { randomUUID } from 'node:crypto';
import type { AwsEvent, Cloud } from '../core/service.ts';

/** An event as rules match it and targets get it; the names are AWS's. */
export interface EventEnvelope {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601 in UTC with whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Wraps an event with a new id. */
export function wrapEvent(cloud: Cloud, event: AwsEvent): EventEnvelope {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': event.detailType,
    source: event.source,
    account: cloud.accountId,
    time: new Date(event.time).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    region: cloud.region,
    resources: event.resources,
    detail: event.detail,
  };
}
