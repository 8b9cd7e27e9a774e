/** A VPC that a private zone answers in. */
export interface ZoneVpc {
  readonly VPCRegion: string;
  readonly VPCId: string;
}

/** A private hosted zone as it is stored. Names end with a dot. */
export interface ZoneRecord {
  readonly id: string;
  readonly name: string;
  readonly callerReference: string;
  readonly comment?: string;
  readonly vpcs: readonly ZoneVpc[];
  readonly tags: Readonly<Record<string, string>>;
  readonly recordSets: readonly RecordSet[];
}

/** A simple record set. Its name is in lower case and ends with a dot. */
export interface RecordSet {
  readonly name: string;
  readonly type: RecordType;
  readonly ttl: number;
  readonly values: readonly string[];
}

/** NS and SOA are made with the zone and stay as they are. */
export type RecordType = 'A' | 'NS' | 'SOA' | 'TXT';

/** A change as GetChange tells of it. */
export interface ChangeRecord {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly submittedAt: number;
  readonly status: 'PENDING' | 'INSYNC';
  readonly comment?: string;
}
