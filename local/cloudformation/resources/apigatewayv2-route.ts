import { apigatewayv2Part } from './apigatewayv2-part.ts';

/** AWS::ApiGatewayV2::Route. */
export const apigatewayv2Route = apigatewayv2Part({
  kind: 'Route',
  settings: [
    'ApiKeyRequired',
    'AuthorizationScopes',
    'AuthorizationType',
    'AuthorizerId',
    'OperationName',
    'RouteKey',
    'Target',
  ],
  replaceOn: [],
  known: ['RouteKey'],
});
