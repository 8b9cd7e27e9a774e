import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { routes as contractRoutes } from '../../lib/contract/routes.ts';
import type { ApiRoute } from '../../lib/stacks/api.ts';
import { functionTable } from '../../lib/stacks/function-table.ts';
import { readSettings } from '../../lib/stacks/settings.ts';
import { WardenStack } from '../../lib/stacks/warden-stack.ts';

export const repository = join(import.meta.dirname, '../..');

export interface Synthesis {
  readonly context?: Readonly<Record<string, unknown>>;
  readonly routes?: readonly ApiRoute[];
  readonly stackProps?: StackProps;
}

const subnet = (zone: string, digit: string) => ({
  subnetId: `subnet-0000000000000000${digit}`,
  availabilityZone: zone,
  routeTableId: `rtb-0000000000000000${digit}`,
  cidr: `10.0.${digit}.0/24`,
});

/** A VPC with public subnets in two zones, as the look-up in the account answers it; the CLI keeps that as context. */
export const existingVpc: Synthesis & { readonly context: Readonly<Record<string, unknown>> } = {
  stackProps: { env: { account: '123456789012', region: 'eu-west-1' } },
  context: {
    'warden:vpcId': 'vpc-0123456789abcdef0',
    'warden:zones': '2',
    'vpc-provider:account=123456789012:filter.vpc-id=vpc-0123456789abcdef0:region=eu-west-1:returnAsymmetricSubnets=true':
      {
        vpcId: 'vpc-0123456789abcdef0',
        vpcCidrBlock: '10.0.0.0/16',
        ownerAccountId: '123456789012',
        availabilityZones: [],
        subnetGroups: [
          { name: 'Public', type: 'Public', subnets: [subnet('eu-west-1a', '1'), subnet('eu-west-1b', '2')] },
        ],
      },
  },
};

/** The stack with the feature flags of cdk.json, and with one-line functions: what they do is not looked at here. */
export function createStack({ context = {}, routes = contractRoutes, stackProps = {} }: Synthesis = {}): WardenStack {
  const cdkJson = JSON.parse(readFileSync(join(repository, 'cdk.json'), 'utf8'));
  const folder = mkdtempSync(join(tmpdir(), 'warden-template-'));
  const bundles = join(folder, 'functions');
  for (const { name } of functionTable) {
    mkdirSync(join(bundles, name), { recursive: true });
    writeFileSync(join(bundles, name, 'index.mjs'), `export const handler = async () => '${name}';\n`);
  }
  const read = readSettings((key) => context[key]);
  if (read.type === 'refused') throw new Error(JSON.stringify(read.refusals));
  const app = new App({ context: { ...cdkJson.context, ...context }, outdir: join(folder, 'cdk.out') });
  return new WardenStack(app, 'Warden', {
    settings: read.settings,
    routes,
    bundles,
    definitions: join(repository, 'statemachines'),
    ...stackProps,
  });
}

export interface Resource {
  readonly logicalId: string;
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is untyped JSON; a wrong path fails the expectation
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdatePolicy?: unknown;
}

export function resourcesOf(template: Template, type: string): readonly Resource[] {
  return Object.entries(template.findResources(type)).map(
    ([logicalId, resource]) => ({ logicalId, ...resource }) as unknown as Resource,
  );
}

export function synthesize(synthesis?: Synthesis): Template {
  return Template.fromStack(createStack(synthesis));
}
