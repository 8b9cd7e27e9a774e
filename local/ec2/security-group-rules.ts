import type { IpPermission, SecurityGroupRule } from '@aws-sdk/client-ec2';
import { AwsError } from '../core/aws-error.ts';

/** What a rule says, without whose it is. */
export type RuleText = Pick<
  SecurityGroupRule,
  | 'IpProtocol'
  | 'FromPort'
  | 'ToPort'
  | 'CidrIpv4'
  | 'CidrIpv6'
  | 'PrefixListId'
  | 'ReferencedGroupInfo'
  | 'Description'
>;

/** EC2 knows these by their names; other protocols by number. */
const PROTOCOLS: Readonly<Record<string, string>> = { '6': 'tcp', '17': 'udp', '1': 'icmp', all: '-1' };

/** One rule for each source or destination of the permissions. */
export function rulesOf(permissions: readonly IpPermission[]): RuleText[] {
  return permissions.flatMap((permission) => {
    const ports = portsOf(permission);
    const described = (Description: string | undefined): Pick<RuleText, 'Description'> =>
      Description === undefined ? {} : { Description };
    const rules: RuleText[] = [
      ...(permission.IpRanges ?? []).map((one) => ({ ...ports, CidrIpv4: one.CidrIp, ...described(one.Description) })),
      ...(permission.Ipv6Ranges ?? []).map((one) => ({
        ...ports,
        CidrIpv6: one.CidrIpv6,
        ...described(one.Description),
      })),
      ...(permission.PrefixListIds ?? []).map((one) => ({
        ...ports,
        PrefixListId: one.PrefixListId,
        ...described(one.Description),
      })),
      ...(permission.UserIdGroupPairs ?? []).map((one) => ({
        ...ports,
        ReferencedGroupInfo: { GroupId: one.GroupId },
        ...described(one.Description),
      })),
    ];
    if (rules.length === 0)
      throw new AwsError('MissingParameter', 'The request must contain a source or destination for each permission');
    return rules;
  });
}

/** Whether two rules let the same traffic through; the description does not count. */
export function sameRule(a: RuleText, b: RuleText): boolean {
  return keyOf(a) === keyOf(b);
}

/** The permissions that DescribeSecurityGroups shows: the rules grouped by protocol and ports. */
export function permissionsOf(rules: readonly SecurityGroupRule[]): IpPermission[] {
  const groups = new Map<string, SecurityGroupRule[]>();
  for (const rule of rules) {
    const key = [rule.IpProtocol, rule.FromPort, rule.ToPort].join();
    groups.set(key, [...(groups.get(key) ?? []), rule]);
  }
  return [...groups.values()].map((group) => {
    const first = group[0];
    const isOpen = first?.IpProtocol === '-1';
    return {
      IpProtocol: first?.IpProtocol,
      ...(!isOpen && { FromPort: first?.FromPort, ToPort: first?.ToPort }),
      IpRanges: group.flatMap(({ CidrIpv4, Description }) =>
        CidrIpv4 === undefined ? [] : [{ CidrIp: CidrIpv4, Description }],
      ),
      Ipv6Ranges: group.flatMap(({ CidrIpv6, Description }) =>
        CidrIpv6 === undefined ? [] : [{ CidrIpv6, Description }],
      ),
      PrefixListIds: group.flatMap(({ PrefixListId, Description }) =>
        PrefixListId === undefined ? [] : [{ PrefixListId, Description }],
      ),
      UserIdGroupPairs: group.flatMap(({ ReferencedGroupInfo, GroupOwnerId, Description }) =>
        ReferencedGroupInfo === undefined
          ? []
          : [{ GroupId: ReferencedGroupInfo.GroupId, UserId: GroupOwnerId, Description }],
      ),
    };
  });
}

function portsOf(permission: IpPermission): Required<Pick<RuleText, 'IpProtocol' | 'FromPort' | 'ToPort'>> {
  const IpProtocol = PROTOCOLS[permission.IpProtocol ?? ''] ?? permission.IpProtocol ?? '-1';
  if (IpProtocol === '-1') return { IpProtocol, FromPort: -1, ToPort: -1 };
  const { FromPort, ToPort } = permission;
  if (FromPort === undefined || ToPort === undefined || FromPort > ToPort) {
    throw new AwsError(
      'InvalidParameterValue',
      `Invalid value for portRange. Must specify both from and to ports with from ≤ to; got ${FromPort} to ${ToPort}.`,
    );
  }
  return { IpProtocol, FromPort, ToPort };
}

function keyOf(rule: RuleText): string {
  return [
    rule.IpProtocol,
    rule.FromPort,
    rule.ToPort,
    rule.CidrIpv4,
    rule.CidrIpv6,
    rule.PrefixListId,
    rule.ReferencedGroupInfo?.GroupId,
  ].join();
}
