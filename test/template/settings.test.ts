import { describe, expect, test } from '@jest/globals';
import { readSettings } from '../../lib/stacks/settings.ts';

const read = (context: Readonly<Record<string, unknown>>) => readSettings((key) => context[key]);

describe('context keys', () => {
  test('all have defaults', () => {
    expect(read({})).toEqual({
      type: 'accepted',
      settings: {
        zones: { type: 'count', count: 3 },
        hostsPerZone: 1,
        instanceType: 'm7g.large',
        dynamoDbEndpoint: 'create',
        clientCidrs: [],
      },
    });
  });

  test('are read as the command line gives them: strings', () => {
    expect(
      read({
        'warden:zones': 'us-east-1a, us-east-1b',
        'warden:hostsPerZone': '2',
        'warden:instanceType': 'r8g.2xlarge',
        'warden:amiId': 'ami-0123456789abcdef0',
        'warden:vpcId': 'vpc-01234567',
        'warden:dynamoDbEndpoint': 'existing',
        'warden:clientCidrs': '10.0.0.0/8',
      }),
    ).toEqual({
      type: 'accepted',
      settings: {
        zones: { type: 'names', names: ['us-east-1a', 'us-east-1b'] },
        hostsPerZone: 2,
        instanceType: 'r8g.2xlarge',
        amiId: 'ami-0123456789abcdef0',
        vpcId: 'vpc-01234567',
        dynamoDbEndpoint: 'existing',
        clientCidrs: ['10.0.0.0/8'],
      },
    });
  });

  test('are read as cdk.json gives them: numbers and lists', () => {
    expect(read({ 'warden:zones': 1, 'warden:clientCidrs': ['10.1.0.0/16', '10.2.0.0/16'] })).toMatchObject({
      type: 'accepted',
      settings: { zones: { type: 'count', count: 1 }, clientCidrs: ['10.1.0.0/16', '10.2.0.0/16'] },
    });
  });

  test.each([
    ['warden:zones', '0'],
    ['warden:zones', '7'],
    ['warden:zones', 'eu-west-1a,eu-west-1a'],
    ['warden:zones', 'eu-west-1'],
    ['warden:hostsPerZone', '1.5'],
    ['warden:hostsPerZone', '-1'],
    ['warden:instanceType', 'large'],
    ['warden:amiId', 'latest'],
    ['warden:vpcId', 'subnet-01234567'],
    ['warden:dynamoDbEndpoint', 'yes'],
    ['warden:clientCidrs', '0.0.0.0/0'],
    ['warden:clientCidrs', '10.0.0.256/16'],
    ['warden:clientCidrs', '10.0.0.0/33'],
    ['warden:clientCidrs', '10.0.0.0/16,'],
  ])('%s=%s is refused', (field, value) => {
    expect(read({ [field]: value })).toMatchObject({ type: 'refused', refusals: [{ field, value }] });
  });

  test('are refused all at once, each with what is allowed and an example', () => {
    expect(read({ 'warden:zones': '9', 'warden:hostsPerZone': 'many' })).toEqual({
      type: 'refused',
      refusals: [
        {
          field: 'warden:zones',
          value: '9',
          message: 'warden:zones must be a number from 1 to 6, or names of zones separated by commas',
          hint: 'for example -c warden:zones=eu-west-1a,eu-west-1b,eu-west-1c',
        },
        {
          field: 'warden:hostsPerZone',
          value: 'many',
          message: 'warden:hostsPerZone must be a number from 1 to 40',
          hint: 'for example -c warden:hostsPerZone=2',
        },
      ],
    });
  });
});
