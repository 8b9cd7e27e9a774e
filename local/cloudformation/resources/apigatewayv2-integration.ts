import { apigatewayv2Part } from './apigatewayv2-part.ts';

/** AWS::ApiGatewayV2::Integration. */
export const apigatewayv2Integration = apigatewayv2Part({
  kind: 'Integration',
  settings: [
    'ConnectionType',
    'Description',
    'IntegrationMethod',
    'IntegrationType',
    'IntegrationUri',
    'PayloadFormatVersion',
    'RequestParameters',
    'TimeoutInMillis',
  ],
  replaceOn: ['IntegrationType'],
  known: ['IntegrationUri'],
});
