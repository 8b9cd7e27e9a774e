import { AwsError } from '../core/aws-error.ts';
import { type Chaos, ChaosRefusal, type ChaosVerb } from '../core/chaos.ts';
import type { WireRequest, WireResponse } from '../wire/message.ts';

/** No service of AWS has such a path: it would be a bucket of S3, whose name cannot begin with an underscore. */
const CONTROL_PATH = '/_cloud/chaos';

/** Answers the requests for the cloud's own control; undefined for all others, which are for a service. */
export type Control = (request: WireRequest) => Promise<WireResponse> | undefined;

/**
 * The control of a cloud: GET /_cloud/chaos tells what is disturbed, POST /_cloud/chaos/<verb> with a JSON object does
 * something, and the verb `off` ends all that lasts. Whoever reaches the port may use it; pages of a browser may not.
 */
export function createControl(parts: () => readonly Chaos[], log: (line: string) => void): Control {
  return (request) => {
    const { path } = request;
    return path === CONTROL_PATH || path.startsWith(`${CONTROL_PATH}/`) ? answer(parts(), request, log) : undefined;
  };
}

async function answer(
  parts: readonly Chaos[],
  request: WireRequest,
  log: (line: string) => void,
): Promise<WireResponse> {
  try {
    refuseBrowsers(request);
    if (request.path === CONTROL_PATH) return json(200, describe(parts, request));
    const done = await act(parts, request);
    log(`chaos: ${request.path.slice(CONTROL_PATH.length + 1)}: ${done}`);
    return json(200, { done });
  } catch (error) {
    if (error instanceof ChaosRefusal) return json(error.status, { error: error.message });
    if (error instanceof AwsError) return json(409, { error: `${error.name}: ${error.message}` });
    log(`LOCAL CLOUD BUG in the control: ${error instanceof Error ? error.stack : String(error)}`);
    return json(500, { error: `LOCAL CLOUD BUG: ${error instanceof Error ? error.message : String(error)}` });
  }
}

/** A page that is open in a browser of this machine could reach the port; it always says where it is from. */
function refuseBrowsers({ headers }: WireRequest): void {
  if (headers['origin'] !== undefined || headers['sec-fetch-site'] !== undefined)
    throw new ChaosRefusal('The control does not serve browsers');
}

function describe(parts: readonly Chaos[], { method }: WireRequest): object {
  if (method !== 'GET') throw new ChaosRefusal(`${method} is not possible here; GET tells what is disturbed`);
  return {
    disturbances: parts.flatMap(({ show }) => show()),
    verbs: [...Object.keys(verbsOf(parts)), 'off'].toSorted(),
  };
}

function act(parts: readonly Chaos[], { method, path, body }: WireRequest): string | Promise<string> {
  const name = path.slice(CONTROL_PATH.length + 1);
  const verb = Object.entries(verbsOf(parts)).find(([key]) => key === name)?.[1];
  if (verb === undefined && name !== 'off')
    throw new ChaosRefusal(`There is no verb ${name}; GET ${CONTROL_PATH} tells which there are`, 404);
  if (method !== 'POST') throw new ChaosRefusal(`${method} is not possible here; a verb is asked for by POST`);
  const input = parseInput(body);
  return verb === undefined ? calmAll(parts) : verb(input);
}

function calmAll(parts: readonly Chaos[]): string {
  for (const { calm } of parts) calm();
  return 'Nothing is disturbed any more; hosts that lost their power stay off until they are rebooted';
}

function verbsOf(parts: readonly Chaos[]): Readonly<Record<string, ChaosVerb>> {
  return Object.assign({}, ...parts.map(({ verbs }) => verbs));
}

function parseInput(body: Buffer): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Told below, as any other body that is no object.
  }
  throw new ChaosRefusal('The body must be a JSON object');
}

function json(status: number, content: object): WireResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) };
}
