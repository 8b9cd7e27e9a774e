import { Duration, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpIntegrationType,
  type HttpMethod,
  HttpNoneAuthorizer,
  HttpRouteIntegration,
  type HttpRouteIntegrationConfig,
  HttpStage,
  LogGroupLogDestination,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type Route, type RouteGroup, routeGroups } from '../contract/route.ts';
import { createLogGroup } from './log-group.ts';

/** What the API needs to know of a line of the contract. */
export type ApiRoute = Pick<Route, 'method' | 'path' | 'group' | 'public'>;

/** Props of Api. */
export interface ApiProps {
  readonly routes: readonly ApiRoute[];
  readonly authorizer: IFunction;
  /** Answers the routes of a group. The function of `aws` also answers what is no route, by problem documents of ours. */
  readonly handlers: Readonly<Record<RouteGroup, IFunction>>;
}

/** The HTTP API: a route per line of the contract, one integration and one permission per function, a token at the door. */
export class Api extends Construct {
  readonly httpApi: HttpApi;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    const integrations = {
      aws: new FunctionIntegration('Aws', props.handlers.aws),
      commands: new FunctionIntegration('Commands', props.handlers.commands),
      deployment: new FunctionIntegration('Deployment', props.handlers.deployment),
      kafka: new FunctionIntegration('Kafka', props.handlers.kafka),
    };
    this.httpApi = new HttpApi(this, 'HttpApi', {
      apiName: Stack.of(this).stackName,
      description: 'Warden: Apache Kafka on Amazon ECS',
      createDefaultStage: false,
      defaultIntegration: integrations.aws,
      defaultAuthorizer: new HttpLambdaAuthorizer('Token', props.authorizer, {
        responseTypes: [HttpLambdaResponseType.SIMPLE],
        identitySource: ['$request.header.Authorization'],
        resultsCacheTtl: Duration.minutes(5),
      }),
    });
    for (const route of props.routes) {
      this.httpApi.addRoutes({
        path: route.path,
        // The contract's methods are HTTP's own names, which the enum's values are.
        methods: [route.method as HttpMethod],
        integration: integrations[route.group],
        ...(route.public === true ? { authorizer: new HttpNoneAuthorizer() } : {}),
      });
    }
    for (const group of routeGroups) this.permit(group, props.handlers[group]);
    this.createStage();
  }

  /** One permission for all routes: a function's policy would be too long with one for each. */
  private permit(group: RouteGroup, handler: IFunction): void {
    handler.addPermission(`HttpApi-${group}`, {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      // Stage and route key. `*/*/*` as of HttpLambdaIntegration would leave out `$default`, which has no path.
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api',
        resource: this.httpApi.apiId,
        resourceName: '*/*',
      }),
    });
  }

  private createStage(): void {
    new HttpStage(this, 'Stage', {
      httpApi: this.httpApi,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: {
        destination: new LogGroupLogDestination(createLogGroup(this, 'AccessLogs', { name: 'api' })),
        format: AccessLogFormat.custom(JSON.stringify(accessLogLine)),
      },
    });
  }
}

/** Who asked what when, and what came of it. */
const accessLogLine = {
  time: '$context.requestTime',
  requestId: '$context.requestId',
  sourceIp: '$context.identity.sourceIp',
  token: '$context.authorizer.tokenName',
  method: '$context.httpMethod',
  path: '$context.path',
  routeKey: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  integrationError: '$context.integrationErrorMessage',
};

/** A function behind any number of routes. HttpLambdaIntegration would add a permission for each of them. */
class FunctionIntegration extends HttpRouteIntegration {
  private readonly handler: IFunction;

  constructor(id: string, handler: IFunction) {
    super(id);
    this.handler = handler;
  }

  override bind(): HttpRouteIntegrationConfig {
    return {
      type: HttpIntegrationType.AWS_PROXY,
      uri: this.handler.functionArn,
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
    };
  }
}
