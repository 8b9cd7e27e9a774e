import type { Caller, Cloud } from '../../core/service.ts';
import type { Configuration } from '../records.ts';
import { validationError } from '../template/validation-error.ts';

export interface TemplateSource {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
}

/** A source, and who asks for it: the object is read with their rights. */
export type AskedTemplate = TemplateSource & { readonly caller: Caller };

/**
 * The text of the template that a request names: its body, an object in S3, or what is deployed.
 *
 * @throws AwsError ValidationError
 */
export async function readTemplate(
  cloud: Cloud,
  source: AskedTemplate,
  deployed: Configuration | undefined,
): Promise<string> {
  const { TemplateBody: body, TemplateURL: url } = source;
  if (source.UsePreviousTemplate === true) {
    if (deployed === undefined) throw validationError('UsePreviousTemplate: the stack has no template yet.');
    return deployed.templateBody;
  }
  if (body !== undefined && url === undefined) return body;
  if (url === undefined || body !== undefined)
    throw validationError('Either Template URL or Template Body must be specified.');
  return readObject(cloud, parseObjectUrl(cloud, url), source.caller);
}

interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
}

/** Virtual-hosted (`<bucket>.s3.<region>.amazonaws.com/<key>`) or path style, on AWS's hosts or on this cloud's. */
function parseObjectUrl(cloud: Cloud, url: string): ObjectAddress {
  if (!URL.canParse(url)) throw validationError(`TemplateURL must be a supported URL, not ${url}.`);
  const { host, hostname, pathname } = new URL(url);
  const path = decodeURIComponent(pathname.slice(1));
  const virtual = /^(.+)\.s3[.-]/.exec(hostname)?.[1];
  if (virtual !== undefined) return { bucket: virtual, key: path };
  if (!/^s3[.-]/.test(hostname) && host !== new URL(cloud.endpointUrl).host)
    throw validationError(`TemplateURL must be an S3 URL, not ${url}.`);
  const slash = path.indexOf('/');
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

async function readObject(cloud: Cloud, { bucket, key }: ObjectAddress, caller: Caller): Promise<string> {
  const object = { Bucket: bucket, Key: key };
  const answer: { readonly Body?: unknown } = await cloud.call('s3', 'GetObject', object, caller);
  const { Body } = answer;
  if (typeof Body === 'string') return Body;
  if (Body instanceof Uint8Array) return Buffer.from(Body).toString('utf8');
  throw new Error(`s3 GetObject answered a body that is no bytes: ${typeof Body}`);
}
