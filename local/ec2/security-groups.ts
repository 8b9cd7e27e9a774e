import type {
  AuthorizeSecurityGroupEgressRequest,
  AuthorizeSecurityGroupIngressRequest,
  CreateSecurityGroupRequest,
  DescribeSecurityGroupRulesRequest,
  DescribeSecurityGroupsRequest,
  IpPermission,
  RevokeSecurityGroupEgressRequest,
  RevokeSecurityGroupIngressRequest,
  SecurityGroup,
  SecurityGroupRule,
  Vpc,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../core/aws-error.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import { filterBy, pageOf } from './describe.ts';
import { newId } from './ids.ts';
import { permissionsOf, type RuleText, rulesOf, sameRule } from './security-group-rules.ts';
import type { Ec2Store } from './store.ts';
import { tagsFor } from './tags.ts';

type Authorize = AuthorizeSecurityGroupIngressRequest & AuthorizeSecurityGroupEgressRequest;
type Revoke = RevokeSecurityGroupIngressRequest & RevokeSecurityGroupEgressRequest;

const EVERYWHERE: IpPermission = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
const RULE_MEMBERS = ['GroupId', 'IpPermissions', 'IpProtocol', 'FromPort', 'ToPort', 'CidrIp', 'TagSpecifications'];

/** Security groups and their rules. They are facts of the control plane: nothing filters packets on one machine. */
export function securityGroupHandlers(cloud: Cloud, store: Ec2Store): Handlers {
  return {
    CreateSecurityGroup: (input: CreateSecurityGroupRequest) => createGroup(cloud, store, input),
    DescribeSecurityGroups: (input: DescribeSecurityGroupsRequest) => describeGroups(store, input),
    DescribeSecurityGroupRules: (input: DescribeSecurityGroupRulesRequest) => describeRules(store, input),
    AuthorizeSecurityGroupIngress: (input: Authorize) => authorize(cloud, store, { input, isEgress: false }),
    AuthorizeSecurityGroupEgress: (input: Authorize) => authorize(cloud, store, { input, isEgress: true }),
    RevokeSecurityGroupIngress: (input: Revoke) => revoke(store, input, false),
    RevokeSecurityGroupEgress: (input: Revoke) => revoke(store, input, true),
    DeleteSecurityGroup: (input: { readonly GroupId?: string }) => deleteGroup(store, input.GroupId ?? ''),
  };
}

/** The group that a VPC is born with: its members reach each other, and everything else. */
export function createDefaultSecurityGroup(cloud: Cloud, store: Ec2Store, vpc: Vpc): void {
  const group = addGroup(cloud, store, {
    name: 'default',
    description: 'default VPC security group',
    vpcId: vpc.VpcId ?? '',
  });
  const own: IpPermission = { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: group.GroupId }] };
  addRules(cloud, store, { groupId: group.GroupId ?? '', isEgress: false, texts: rulesOf([own]) });
}

/** @throws AwsError InvalidGroup.NotFound */
export function requireGroup(store: Ec2Store, id: string | undefined): SecurityGroup {
  const group = store.securityGroups.get(id ?? '');
  if (group === undefined) throw new AwsError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
  return group;
}

function createGroup(cloud: Cloud, store: Ec2Store, input: CreateSecurityGroupRequest): object {
  onlyMembers('CreateSecurityGroup', input, ['GroupName', 'Description', 'VpcId', 'TagSpecifications']);
  const { GroupName: name = '', Description: description = '', VpcId: vpcId = '' } = input;
  if (!store.vpcs.has(vpcId)) throw new AwsError('InvalidVpcID.NotFound', `The vpc ID '${vpcId}' does not exist`);
  const rival = store.securityGroups.values().find((group) => group.VpcId === vpcId && group.GroupName === name);
  if (rival !== undefined)
    throw new AwsError('InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpcId}'`);
  const group = addGroup(cloud, store, { name, description, vpcId });
  store.tags.add(group.GroupId ?? '', tagsFor('security-group', input.TagSpecifications));
  return { GroupId: group.GroupId, SecurityGroupArn: group.SecurityGroupArn, Tags: store.tags.of(group.GroupId ?? '') };
}

function addGroup(
  cloud: Cloud,
  store: Ec2Store,
  wanted: { readonly name: string; readonly description: string; readonly vpcId: string },
): SecurityGroup {
  const id = newId('sg');
  const group: SecurityGroup = {
    GroupId: id,
    GroupName: wanted.name,
    Description: wanted.description,
    VpcId: wanted.vpcId,
    OwnerId: cloud.accountId,
    SecurityGroupArn: `arn:aws:ec2:${cloud.region}:${cloud.accountId}:security-group/${id}`,
  };
  store.securityGroups.set(id, group);
  addRules(cloud, store, { groupId: id, isEgress: true, texts: rulesOf([EVERYWHERE]) });
  return group;
}

interface NewRules {
  readonly groupId: string;
  readonly isEgress: boolean;
  readonly texts: readonly RuleText[];
}

function addRules(cloud: Cloud, store: Ec2Store, { groupId, isEgress, texts }: NewRules): SecurityGroupRule[] {
  return texts.map((text) => {
    const SecurityGroupRuleId = newId('sgr');
    const rule: SecurityGroupRule = {
      ...text,
      SecurityGroupRuleId,
      GroupId: groupId,
      GroupOwnerId: cloud.accountId,
      IsEgress: isEgress,
    };
    store.rules.set(SecurityGroupRuleId, rule);
    return rule;
  });
}

function authorize(
  cloud: Cloud,
  store: Ec2Store,
  { input, isEgress }: { readonly input: Authorize; readonly isEgress: boolean },
): object {
  onlyMembers('AuthorizeSecurityGroup', input, RULE_MEMBERS);
  const group = requireGroup(store, input.GroupId);
  const texts = rulesOf(permissionsIn(input));
  for (const { ReferencedGroupInfo } of texts)
    if (ReferencedGroupInfo !== undefined) requireGroup(store, ReferencedGroupInfo.GroupId);
  const existing = rulesFor(store, group.GroupId, isEgress);
  const double = texts.find((text) => existing.some((rule) => sameRule(rule, text)));
  if (double !== undefined) {
    throw new AwsError('InvalidPermission.Duplicate', `the specified rule "${JSON.stringify(double)}" already exists`);
  }
  return {
    Return: true,
    SecurityGroupRules: addRules(cloud, store, { groupId: group.GroupId ?? '', isEgress, texts }),
  };
}

function revoke(store: Ec2Store, input: Revoke, isEgress: boolean): object {
  onlyMembers('RevokeSecurityGroup', input, [...RULE_MEMBERS, 'SecurityGroupRuleIds']);
  const group = requireGroup(store, input.GroupId);
  const existing = rulesFor(store, group.GroupId, isEgress);
  const missing = (what: string): AwsError =>
    new AwsError('InvalidPermission.NotFound', `The specified rule does not exist in this security group: ${what}.`);
  const byId = (input.SecurityGroupRuleIds ?? []).map((id) => {
    const rule = existing.find(({ SecurityGroupRuleId }) => SecurityGroupRuleId === id);
    if (rule === undefined) throw missing(id);
    return rule;
  });
  const byText = rulesOf(permissionsIn(input)).map((text) => {
    const rule = existing.find((one) => sameRule(one, text));
    if (rule === undefined) throw missing(JSON.stringify(text));
    return rule;
  });
  for (const { SecurityGroupRuleId } of [...byId, ...byText]) store.rules.delete(SecurityGroupRuleId ?? '');
  return { Return: true };
}

function describeGroups(store: Ec2Store, input: DescribeSecurityGroupsRequest): object {
  onlyMembers('DescribeSecurityGroups', input, ['GroupIds', 'GroupNames', 'Filters', 'MaxResults', 'NextToken']);
  const named = store.securityGroups
    .values()
    .filter(({ GroupName }) => !input.GroupNames?.length || input.GroupNames.includes(GroupName ?? ''));
  const wanted = input.GroupIds?.length ? input.GroupIds.map((id) => requireGroup(store, id)) : named;
  const found = filterBy(wanted, input.Filters, (group) => ({
    values: {
      'group-id': [group.GroupId],
      'group-name': [group.GroupName],
      'vpc-id': [group.VpcId],
      description: [group.Description],
    },
    tags: store.tags.of(group.GroupId ?? ''),
  }));
  const { items, ...rest } = pageOf(found, input);
  const show = (group: SecurityGroup): SecurityGroup => ({
    ...group,
    IpPermissions: permissionsOf(rulesFor(store, group.GroupId, false)),
    IpPermissionsEgress: permissionsOf(rulesFor(store, group.GroupId, true)),
    Tags: store.tags.of(group.GroupId ?? ''),
  });
  return { SecurityGroups: items.map(show), ...rest };
}

function describeRules(store: Ec2Store, input: DescribeSecurityGroupRulesRequest): object {
  onlyMembers('DescribeSecurityGroupRules', input, ['SecurityGroupRuleIds', 'Filters', 'MaxResults', 'NextToken']);
  const ids = input.SecurityGroupRuleIds ?? [];
  const wanted = store.rules
    .values()
    .filter(({ SecurityGroupRuleId }) => ids.length === 0 || ids.includes(SecurityGroupRuleId ?? ''));
  const found = filterBy(wanted, input.Filters, (rule) => ({
    values: { 'group-id': [rule.GroupId], 'security-group-rule-id': [rule.SecurityGroupRuleId] },
    tags: [],
  }));
  const { items, ...rest } = pageOf(found, input);
  return { SecurityGroupRules: items, ...rest };
}

function deleteGroup(store: Ec2Store, id: string): object {
  const group = requireGroup(store, id);
  if (group.GroupName === 'default')
    throw new AwsError('CannotDelete', `the specified group: "${id}" name: "default" cannot be deleted by a user`);
  const isNamed = store.rules.values().some((rule) => rule.GroupId !== id && rule.ReferencedGroupInfo?.GroupId === id);
  const isWorn = store.instances
    .values()
    .some(({ securityGroupIds, state }) => state !== 'terminated' && securityGroupIds.includes(id));
  if (isNamed || isWorn) throw new AwsError('DependencyViolation', `resource ${id} has a dependent object`);
  for (const rule of store.rules.values()) if (rule.GroupId === id) store.rules.delete(rule.SecurityGroupRuleId ?? '');
  store.securityGroups.delete(id);
  store.tags.forget(id);
  return {};
}

function permissionsIn(input: Authorize): IpPermission[] {
  if (input.IpProtocol === undefined) return input.IpPermissions ?? [];
  const { IpProtocol, FromPort, ToPort, CidrIp } = input;
  return [
    { IpProtocol, FromPort, ToPort, IpRanges: CidrIp === undefined ? [] : [{ CidrIp }] },
    ...(input.IpPermissions ?? []),
  ];
}

function rulesFor(store: Ec2Store, groupId: string | undefined, isEgress: boolean): SecurityGroupRule[] {
  return store.rules.values().filter((rule) => rule.GroupId === groupId && rule.IsEgress === isEgress);
}
