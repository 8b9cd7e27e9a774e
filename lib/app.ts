import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { routes } from './contract/routes.ts';
import { readSettings } from './stacks/settings.ts';
import { WardenStack } from './stacks/warden-stack.ts';

const root = join(import.meta.dirname, '..');
const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));

const read = readSettings((key) => app.node.tryGetContext(key));
if (read.type === 'refused') {
  for (const { message, value, hint } of read.refusals)
    console.error(`${message}, not ${JSON.stringify(value)}: ${hint}`);
  process.exit(1);
}

// The CLI finds these two by the credentials in use; without credentials the template fits any account and region.
const account = process.env['CDK_DEFAULT_ACCOUNT'];
const region = process.env['CDK_DEFAULT_REGION'];

new WardenStack(app, 'Warden', {
  description: 'Warden: Apache Kafka on Amazon ECS',
  settings: read.settings,
  routes,
  bundles: join(root, 'dist/functions'),
  definitions: join(root, 'statemachines'),
  ...(account === undefined || region === undefined ? {} : { env: { account, region } }),
});
