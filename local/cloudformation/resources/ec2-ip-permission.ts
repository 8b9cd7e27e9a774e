import type { Json, JsonObject } from '../template/json.ts';

export type Direction = 'Ingress' | 'Egress';

/** The properties of a rule, in the template's words. */
export const RULE_PROPERTIES: Readonly<Record<Direction, readonly string[]>> = {
  Ingress: [
    'CidrIp',
    'CidrIpv6',
    'Description',
    'FromPort',
    'IpProtocol',
    'SourcePrefixListId',
    'SourceSecurityGroupId',
    'SourceSecurityGroupOwnerId',
    'ToPort',
  ],
  Egress: [
    'CidrIp',
    'CidrIpv6',
    'Description',
    'DestinationPrefixListId',
    'DestinationSecurityGroupId',
    'FromPort',
    'IpProtocol',
    'ToPort',
  ],
};

/** A rule of a template as the one permission that EC2's Authorize and Revoke operations take. */
export function toIpPermission(rule: JsonObject): JsonObject {
  const description = rule['Description'] === undefined ? {} : { Description: rule['Description'] };
  const group = rule['SourceSecurityGroupId'] ?? rule['DestinationSecurityGroupId'];
  const prefix = rule['SourcePrefixListId'] ?? rule['DestinationPrefixListId'];
  const owner = rule['SourceSecurityGroupOwnerId'];
  const isAll = String(rule['IpProtocol']) === '-1';
  return {
    IpProtocol: String(rule['IpProtocol']),
    ...(isAll ? {} : portRange(rule)),
    ...list('IpRanges', rule['CidrIp'], (CidrIp) => ({ CidrIp, ...description })),
    ...list('Ipv6Ranges', rule['CidrIpv6'], (CidrIpv6) => ({ CidrIpv6, ...description })),
    ...list('PrefixListIds', prefix, (PrefixListId) => ({ PrefixListId, ...description })),
    ...list('UserIdGroupPairs', group, (GroupId) => ({
      GroupId,
      ...(owner === undefined ? {} : { UserId: owner }),
      ...description,
    })),
  };
}

function portRange(rule: JsonObject): JsonObject {
  return {
    ...(rule['FromPort'] === undefined ? {} : { FromPort: rule['FromPort'] }),
    ...(rule['ToPort'] === undefined ? {} : { ToPort: rule['ToPort'] }),
  };
}

function list(name: string, value: Json | undefined, item: (value: Json) => JsonObject): JsonObject {
  return value === undefined ? {} : { [name]: [item(value)] };
}
