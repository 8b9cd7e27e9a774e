import { classifyFailure, ignoreGone } from '../engine/call-outcome.ts';
import type { PropertyChange, ResourceContext, ResourceDriver } from '../resource-driver.ts';
import { isJsonList, isJsonObject, isSameJson, type JsonObject } from '../template/json.ts';
import { type Direction, RULE_PROPERTIES, toIpPermission } from './ec2-ip-permission.ts';
import { createTagged, updateTags } from './ec2-tagged.ts';
import { pick, textOf } from './pick.ts';

const EVERYWHERE: JsonObject = { CidrIp: '0.0.0.0/0', IpProtocol: '-1' };

/** AWS::EC2::SecurityGroup. */
export const ec2SecurityGroup: ResourceDriver = {
  type: 'AWS::EC2::SecurityGroup',
  properties: ['GroupDescription', 'GroupName', 'SecurityGroupEgress', 'SecurityGroupIngress', 'Tags', 'VpcId'],
  replaceOn: ['GroupDescription', 'GroupName', 'VpcId'],
  nameProperty: 'GroupName',
  tags: 'list',
  create: async (context, properties) => {
    const kind = {
      resourceType: 'security-group',
      describe: 'DescribeSecurityGroups',
      list: 'SecurityGroups',
      idMember: 'GroupId',
    };
    const id = await createTagged(context, kind, {
      properties,
      create: async (tags) => {
        const GroupName = textOf(properties, 'GroupName') ?? context.name(255);
        const input = {
          GroupName,
          Description: properties['GroupDescription'],
          ...pick(properties, ['VpcId']),
          ...tags,
        };
        return (await context.call('ec2', 'CreateSecurityGroup', input)).GroupId;
      },
    });
    await setRules(context, id, { before: {}, after: properties });
    return { physicalId: id, attributes: { GroupId: id, Id: id, ...pick(properties, ['VpcId']) } };
  },
  update: async (context, resource, change) => {
    await setRules(context, resource.physicalId, change);
    await updateTags(context, resource.physicalId, change);
    return resource;
  },
  delete: (context, resource) =>
    ignoreGone(context.call('ec2', 'DeleteSecurityGroup', { GroupId: resource.physicalId })),
};

async function setRules(
  context: ResourceContext,
  GroupId: string,
  change: Pick<PropertyChange, 'before' | 'after'>,
): Promise<void> {
  for (const direction of ['Ingress', 'Egress'] as const) {
    const [old, wanted] = [rulesOf(change.before, direction), rulesOf(change.after, direction)];
    const missing = wanted.filter((rule) => !old.some((other) => isSameJson(rule, other)));
    const extra = old.filter((rule) => !wanted.some((other) => isSameJson(rule, other)));
    for (const rule of extra) await revoke(context, { GroupId, direction, rule });
    for (const rule of missing) await authorize(context, { GroupId, direction, rule });
  }
}

/** EC2 lets a new group send anywhere; a template that lists what it may send to means only that. */
function rulesOf(properties: JsonObject, direction: Direction): readonly JsonObject[] {
  const rules = properties[`SecurityGroup${direction}`];
  const listed = isJsonList(rules) ? rules.filter(isJsonObject) : [];
  return direction === 'Egress' && listed.length === 0 ? [EVERYWHERE] : listed;
}

export interface Rule {
  readonly GroupId: string;
  readonly direction: Direction;
  readonly rule: JsonObject;
}

/** Lets a rule in; one that is there already is fine, because whoever asks wants it there. */
export async function authorize(context: ResourceContext, { GroupId, direction, rule }: Rule): Promise<void> {
  refuseUnknown(context, direction, rule);
  try {
    await context.call('ec2', `AuthorizeSecurityGroup${direction}`, { GroupId, IpPermissions: [toIpPermission(rule)] });
  } catch (error) {
    if (classifyFailure(error) !== 'exists') throw error;
  }
}

export async function revoke(context: ResourceContext, { GroupId, direction, rule }: Rule): Promise<void> {
  const input = { GroupId, IpPermissions: [toIpPermission(rule)] };
  await ignoreGone(context.call('ec2', `RevokeSecurityGroup${direction}`, input));
}

function refuseUnknown(context: ResourceContext, direction: Direction, rule: JsonObject): void {
  const unknown = Object.keys(rule).find((name) => !RULE_PROPERTIES[direction].includes(name));
  if (unknown !== undefined)
    throw new Error(`Property SecurityGroup${direction}.${unknown} of ${context.type} is not done by the local cloud.`);
}
