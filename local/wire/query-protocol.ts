import { AwsError } from '../core/aws-error.ts';
import type { HostedService } from './hosted-service.ts';
import type { AnswerContext, ProtocolAdapter, WireRequest } from './message.ts';
import { findError, findOperation, type Operation } from './operation.ts';
import { type QueryDialect, readQuery } from './query.ts';
import { escapeXml, writeXmlMembers, xmlElement } from './xml.ts';

/** The form protocols of IAM, STS, CloudFormation and Auto Scaling (awsQuery) and of EC2 (ec2Query): answers are XML. */
export function queryProtocol(dialect: QueryDialect): ProtocolAdapter {
  return {
    findOperation: operationOf,

    readInput: (hosted, request) => readQuery(operationOf(hosted, request).input, readParameters(request), dialect),

    writeOutput(operation, output, context) {
      const members = writeXmlMembers(operation.output, output ?? {});
      const content =
        dialect === 'ec2Query'
          ? `${xmlElement('requestId', context.requestId)}${members}`
          : `${resultElement(operation.name, operation.output.type === 'unit' ? undefined : members)}${metadata(context)}`;
      const namespace = escapeXml(namespaceOf(context));
      return answer(
        200,
        `<${operation.name}Response xmlns="${namespace}">${content}</${operation.name}Response>`,
        context,
      );
    },

    writeError(error, context) {
      const body = dialect === 'ec2Query' ? ec2Error(error, context) : queryError(error, context);
      return answer(error.status, body, context);
    },
  };
}

function operationOf(hosted: HostedService, request: WireRequest): Operation {
  const name = readParameters(request).get('Action') ?? '';
  const operation = findOperation(hosted.module, name);
  if (operation !== undefined) return operation;
  throw new AwsError('InvalidAction', `${hosted.service.name} has no action ${name}`);
}

/** The parameters of a form body, or of the address when there is no body. */
export function readParameters(request: WireRequest): URLSearchParams {
  return request.body.length === 0 ? request.query : new URLSearchParams(request.body.toString('utf8'));
}

function resultElement(operation: string, members: string | undefined): string {
  return members === undefined ? '' : `<${operation}Result>${members}</${operation}Result>`;
}

function metadata({ requestId }: AnswerContext): string {
  return `<ResponseMetadata>${xmlElement('RequestId', requestId)}</ResponseMetadata>`;
}

function ec2Error(error: AwsError, { requestId }: AnswerContext): string {
  const content = xmlElement('Code', error.name) + xmlElement('Message', error.message);
  return `<Response><Errors><Error>${content}</Error></Errors>${xmlElement('RequestID', requestId)}</Response>`;
}

/** Clients know a query error by its code on the wire, which may differ from the shape's name. */
function queryError(error: AwsError, context: AnswerContext): string {
  const shape = findError(context.hosted.module, error.name);
  const code = shape?.traits.awsQueryError?.[0] ?? error.name;
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  const fields =
    shape === undefined ? '' : writeXmlMembers(shape, { ...error.fields, message: undefined, Message: undefined });
  const content = `${xmlElement('Type', type)}${xmlElement('Code', code)}${xmlElement('Message', error.message)}${fields}`;
  const namespace = escapeXml(namespaceOf(context));
  return `<ErrorResponse xmlns="${namespace}"><Error>${content}</Error>${xmlElement('RequestId', context.requestId)}</ErrorResponse>`;
}

function namespaceOf({ hosted }: AnswerContext): string {
  const { protocol } = hosted.description;
  return protocol.type === 'query' ? protocol.xmlNamespace : '';
}

function answer(status: number, xml: string, { requestId }: AnswerContext) {
  return {
    status,
    headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`,
  };
}
