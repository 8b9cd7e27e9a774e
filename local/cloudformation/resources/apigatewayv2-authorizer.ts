import { apigatewayv2Part } from './apigatewayv2-part.ts';

/** AWS::ApiGatewayV2::Authorizer. */
export const apigatewayv2Authorizer = apigatewayv2Part({
  kind: 'Authorizer',
  settings: [
    'AuthorizerCredentialsArn',
    'AuthorizerPayloadFormatVersion',
    'AuthorizerResultTtlInSeconds',
    'AuthorizerType',
    'AuthorizerUri',
    'EnableSimpleResponses',
    'IdentitySource',
    'JwtConfiguration',
    'Name',
  ],
  replaceOn: [],
  known: ['Name'],
});
