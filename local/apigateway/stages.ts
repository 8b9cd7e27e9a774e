import type {
  CreateStageRequest,
  DeleteStageRequest,
  GetStagesRequest,
  RouteSettings,
  Stage,
  UpdateStageRequest,
} from '@aws-sdk/client-apigatewayv2';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import { type ApiStore, badRequest, findApi, findPart, partsOf, type StageRecord } from './api-store.ts';

const MEMBERS = [
  'ApiId',
  'StageName',
  'AutoDeploy',
  'AccessLogSettings',
  'DefaultRouteSettings',
  'RouteSettings',
  'StageVariables',
  'Description',
];

/** The operations on stages: `$default`, deployed automatically. */
export function createStageHandlers(store: ApiStore): Handlers {
  return {
    CreateStage: (input: CreateStageRequest) => createStage(store, input),
    UpdateStage: (input: UpdateStageRequest) => {
      refuseMembers(input, { operation: 'apigatewayv2 UpdateStage', members: MEMBERS, code: 'BadRequestException' });
      const stage = parseStage(store, input, findPart(store.stages, input.ApiId, input.StageName));
      store.stages.set(`${stage.apiId}/${stage.name}`, stage);
      return describeStage(stage);
    },
    DeleteStage: (input: DeleteStageRequest) => {
      const { apiId, name } = findPart(store.stages, input.ApiId, input.StageName);
      store.stages.delete(`${apiId}/${name}`);
      return {};
    },
    GetStage: (input: DeleteStageRequest) => describeStage(findPart(store.stages, input.ApiId, input.StageName)),
    GetStages: (input: GetStagesRequest) => ({
      Items: partsOf(store.stages, findApi(store, input.ApiId).id).map(describeStage),
    }),
  };
}

function createStage(store: ApiStore, input: CreateStageRequest): Stage {
  refuseMembers(input, {
    operation: 'apigatewayv2 CreateStage',
    members: [...MEMBERS, 'Tags'],
    code: 'BadRequestException',
  });
  const { id: apiId } = findApi(store, input.ApiId);
  if (input.StageName !== '$default')
    throw badRequest(`StageName ${input.StageName}: the local cloud has the stage $default only.`);
  if (input.AutoDeploy !== true)
    throw badRequest('AutoDeploy must be true: the local cloud has no deployments of their own.');
  if (store.stages.has(`${apiId}/$default`)) throw new AwsError('ConflictException', 'Stage already exists', 409);
  const now = store.clock.now();
  const blank: StageRecord = {
    apiId,
    name: '$default',
    routeSettings: {},
    variables: {},
    tags: { ...input.Tags },
    createdAt: now,
    changedAt: now,
  };
  const stage = parseStage(store, input, blank);
  store.stages.set(`${apiId}/$default`, stage);
  return describeStage(stage);
}

function parseStage(store: ApiStore, input: UpdateStageRequest, old: StageRecord): StageRecord {
  if (input.AutoDeploy === false)
    throw badRequest('AutoDeploy must be true: the local cloud has no deployments of their own.');
  for (const settings of [input.DefaultRouteSettings ?? {}, ...Object.values(input.RouteSettings ?? {})])
    checkSettings(settings);
  const accessLog = input.AccessLogSettings === undefined ? old.accessLog : parseAccessLog(input.AccessLogSettings);
  const description = input.Description ?? old.description;
  const defaultRouteSettings = input.DefaultRouteSettings ?? old.defaultRouteSettings;
  return {
    apiId: old.apiId,
    name: old.name,
    ...(description === undefined ? {} : { description }),
    ...(accessLog === undefined ? {} : { accessLog }),
    ...(defaultRouteSettings === undefined ? {} : { defaultRouteSettings }),
    routeSettings: { ...old.routeSettings, ...input.RouteSettings },
    variables: { ...old.variables, ...input.StageVariables },
    tags: old.tags,
    createdAt: old.createdAt,
    changedAt: store.clock.now(),
  };
}

function checkSettings(settings: RouteSettings): void {
  const members = ['ThrottlingBurstLimit', 'ThrottlingRateLimit', 'DetailedMetricsEnabled'];
  refuseMembers(settings, { operation: 'apigatewayv2 route settings', members, code: 'BadRequestException' });
}

function parseAccessLog({
  DestinationArn,
  Format,
}: NonNullable<UpdateStageRequest['AccessLogSettings']>): StageRecord['accessLog'] {
  if (DestinationArn === undefined && Format === undefined) return undefined;
  if (!DestinationArn?.startsWith('arn:aws:logs:') || Format === undefined) {
    throw badRequest(
      `AccessLogSettings need the ARN of a log group and a Format; got ${DestinationArn} and ${Format}.`,
    );
  }
  return { destinationArn: DestinationArn, format: Format };
}

function describeStage(stage: StageRecord): Stage {
  const { accessLog } = stage;
  return {
    StageName: stage.name,
    AutoDeploy: true,
    CreatedDate: new Date(stage.createdAt),
    LastUpdatedDate: new Date(stage.changedAt),
    DefaultRouteSettings: { DetailedMetricsEnabled: false, ...stage.defaultRouteSettings },
    RouteSettings: { ...stage.routeSettings },
    StageVariables: { ...stage.variables },
    Tags: { ...stage.tags },
    ...(stage.description === undefined ? {} : { Description: stage.description }),
    ...(accessLog === undefined
      ? {}
      : { AccessLogSettings: { DestinationArn: accessLog.destinationArn, Format: accessLog.format } }),
  };
}
