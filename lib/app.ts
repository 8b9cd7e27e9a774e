import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { readSettings } from './stacks/settings.ts';
import { WardenStack } from './stacks/warden-stack.ts';

const root = join(import.meta.dirname, '..');
const app = new App();

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
  routes: [],
  bundles: join(root, 'dist/functions'),
  definitions: join(root, 'statemachines'),
  // `cdk destroy` is refused while services may still live in the stack.
  terminationProtection: true,
  analyticsReporting: false,
  ...(account === undefined || region === undefined ? {} : { env: { account, region } }),
});
