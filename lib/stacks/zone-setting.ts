/** The private zone of a deployment. */
export interface ZoneSetting {
  /** For example kafka.internal */
  readonly name: string;
  /** Absent: the stack makes the zone. */
  readonly hostedZoneId?: string;
}

/** Whether names of services may be below this one: labels in lower case, two at least, not one that AWS itself answers. */
export function isZoneName(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > longestZoneName) return false;
  const labels = value.split('.');
  if (labels.length < 2 || !labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label))) return false;
  // A private zone hides all public names below it: DynamoDB's would be gone for the functions.
  return !/^(.*\.)?amazonaws\.com(\.cn)?$/.test(value) && value !== 'com.cn';
}

/** `bootstrap.`, a service's name of up to 32 characters and the zone are a name of 253 characters at most. */
const longestZoneName = 200;
