import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { spell } from './spell.ts';
import { resourcesOf, synthesize } from './synthesize.ts';

let template: Template;

beforeAll(() => {
  template = synthesize({
    routes: [
      { method: 'GET', path: '/services', group: 'aws' },
      { method: 'POST', path: '/services', group: 'aws' },
      { method: 'GET', path: '/service/{name}/v1/brokers', group: 'kafka' },
      { method: 'POST', path: '/pod/{pod}/restart', group: 'commands' },
      { method: 'POST', path: '/admin/allow-destroy', group: 'deployment' },
      { method: 'GET', path: '/health', group: 'aws', public: true },
    ],
  });
});

const functionOfIntegration = (target: unknown): string => {
  const id = spell(template, target).replace(/^integrations\/<(.*)>$/, '$1');
  const integration = resourcesOf(template, 'AWS::ApiGatewayV2::Integration').find(({ logicalId }) =>
    logicalId.includes(id),
  );
  return spell(template, integration?.Properties.IntegrationUri);
};

describe('the HTTP API', () => {
  test('leads each route to the function of its group, and what is no route to Api', () => {
    const routes = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(
      ({ Properties }) => `${Properties.RouteKey} → ${functionOfIntegration(Properties.Target)}`,
    );

    expect(routes.sort()).toEqual([
      '$default → <Api>',
      'GET /health → <Api>',
      'GET /service/{name}/v1/brokers → <ApiKafka>',
      'GET /services → <Api>',
      'POST /admin/allow-destroy → <ApiDeployment>',
      'POST /pod/{pod}/restart → <ApiCommands>',
      'POST /services → <Api>',
    ]);
  });

  test('asks for a token at every door but the public ones', () => {
    const open = resourcesOf(template, 'AWS::ApiGatewayV2::Route').filter(
      ({ Properties }) => Properties.AuthorizationType !== 'CUSTOM',
    );

    expect(open.map(({ Properties }) => Properties.RouteKey)).toEqual(['GET /health']);
  });

  test('has one integration per function, however many routes there are', () => {
    expect(resourcesOf(template, 'AWS::ApiGatewayV2::Integration')).toHaveLength(4);
  });

  test('may invoke each of its functions by one permission, which covers $default too', () => {
    const permissions = resourcesOf(template, 'AWS::Lambda::Permission')
      .filter(({ Properties }) => Properties.Principal === 'apigateway.amazonaws.com')
      .map(
        ({ Properties }) => `${spell(template, Properties.FunctionName)} by ${spell(template, Properties.SourceArn)}`,
      );

    expect(permissions.sort()).toEqual([
      '<Api> by execute-api <HttpApi>/*/*',
      '<ApiCommands> by execute-api <HttpApi>/*/*',
      '<ApiDeployment> by execute-api <HttpApi>/*/*',
      '<ApiKafka> by execute-api <HttpApi>/*/*',
      '<Authorizer> by execute-api <HttpApi>/authorizers/<HttpApiToken>',
    ]);
  });

  test('remembers for five minutes what the authorizer said of a token', () => {
    expect(resourcesOf(template, 'AWS::ApiGatewayV2::Authorizer')[0]?.Properties).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization'],
      AuthorizerResultTtlInSeconds: 300,
    });
  });

  test('writes an access log and sends no CORS headers', () => {
    expect(
      resourcesOf(template, 'AWS::ApiGatewayV2::Stage')[0]?.Properties.AccessLogSettings.DestinationArn,
    ).toBeDefined();
    expect(resourcesOf(template, 'AWS::ApiGatewayV2::Api')[0]?.Properties.CorsConfiguration).toBeUndefined();
  });
});
