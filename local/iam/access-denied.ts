import { AwsError } from '../core/aws-error.ts';
import type { Right } from '../core/service.ts';
import type { AccessDecision } from './decide-access.ts';

/** A refusal and what it goes by. */
export interface Denial {
  readonly principalArn: string;
  readonly right: Right;
  readonly decision: Exclude<AccessDecision, 'allowed'>;
  /** Whose policies were asked. */
  readonly policies: 'identity' | 'resource';
}

/** AWS's sentence. Source: IAM User Guide, troubleshooting access denied errors. */
export function denialSentence({ principalArn, right, decision, policies }: Denial): string {
  const { action, resource } = right;
  const head = `User: ${principalArn} is not authorized to perform: ${action} on resource: ${resource}`;
  if (decision === 'denied explicitly')
    return `${head} with an explicit deny in ${policies === 'identity' ? 'an identity' : 'a resource'}-based policy`;
  return `${head} because no ${policies}-based policy allows the ${action} action`;
}

/** Services that answer in JSON or REST-JSON say AccessDeniedException; those of XML say AccessDenied. */
const XML_SERVICES = new Set(['autoscaling', 'cloudformation', 'iam', 'route53', 's3', 'sts']);
const FORBIDDEN_STATUS_SERVICES = new Set(['apigateway', 'lambda']);

/** The error of the service that was asked, with its code and status. */
export function accessDenied(denial: Denial): AwsError {
  const sentence = denialSentence(denial);
  const [service = ''] = denial.right.action.split(':');
  if (service === 'ec2') return unauthorizedOperation(denial, sentence);
  if (XML_SERVICES.has(service)) return new AwsError('AccessDenied', sentence, 403);
  return new AwsError('AccessDeniedException', sentence, FORBIDDEN_STATUS_SERVICES.has(service) ? 403 : 400);
}

/** EC2 adds the details in a form that DecodeAuthorizationMessage of STS reads; here they are plain base64. */
function unauthorizedOperation({ right, decision }: Denial, sentence: string): AwsError {
  const details = {
    allowed: false,
    explicitDeny: decision === 'denied explicitly',
    context: { action: right.action, resource: right.resource, conditions: right.context ?? {} },
  };
  const encoded = Buffer.from(JSON.stringify(details)).toString('base64url');
  return new AwsError(
    'UnauthorizedOperation',
    `You are not authorized to perform this operation. ${sentence}. Encoded authorization failure message: ${encoded}`,
    403,
  );
}
