import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { createStack, existingVpc, type Synthesis } from './synthesize.ts';

const env = { account: '123456789012', region: 'eu-west-1' };

describe('the template', () => {
  test.each<[string, Synthesis]>([
    ['for any account and region', {}],
    ['for one account and region', { stackProps: { env } }],
    ['in an existing VPC', existingVpc],
  ])('%s passes AwsSolutions but for the findings that are acknowledged', (_, synthesis) => {
    const stack = createStack(synthesis);

    const report = new AwsSolutionsChecks(stack, { verbose: true }).validateScope(stack);

    expect(report.violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources])).toEqual([]);
  });

  test.each<[string, Synthesis]>([
    ['in zones of the region', {}],
    ['in zones that are named', { context: { 'warden:zones': 'eu-west-1a,eu-west-1c' } }],
  ])('%s passes the validation that CDK brings', (_, synthesis) => {
    const folder = App.of(createStack(synthesis))?.synth().directory ?? '';

    const { pluginReports } = JSON.parse(readFileSync(join(folder, 'validation-report.json'), 'utf8'));

    expect(pluginReports.flatMap((report: { violations: unknown[] }) => report.violations)).toEqual([]);
  });
});
