import type { ResourceDriver } from '../resource-driver.ts';
import type { JsonObject } from '../template/json.ts';
import { type Direction, RULE_PROPERTIES } from './ec2-ip-permission.ts';
import { authorize, type Rule, revoke } from './ec2-security-group.ts';
import { requiredText } from './pick.ts';

/** AWS::EC2::SecurityGroupIngress and AWS::EC2::SecurityGroupEgress: one rule of a group. */
export function ec2SecurityGroupRule(direction: Direction): ResourceDriver {
  return {
    type: `AWS::EC2::SecurityGroup${direction}`,
    properties: ['GroupId', ...RULE_PROPERTIES[direction]],
    replaceOn: ['*'],
    create: async (context, properties) => {
      const physicalId = context.name(255);
      await authorize(context, ruleOf(direction, properties));
      context.remember(physicalId);
      return { physicalId, attributes: { Id: physicalId } };
    },
    update: async (_context, resource) => resource,
    delete: (context, _resource, properties) => revoke(context, ruleOf(direction, properties)),
  };
}

function ruleOf(direction: Direction, properties: JsonObject): Rule {
  const { GroupId: _, ...rule } = properties;
  return { GroupId: requiredText(properties, 'GroupId'), direction, rule };
}
