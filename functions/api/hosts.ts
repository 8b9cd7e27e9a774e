import type { CommandAnswer } from '../../lib/contract/command-schemas.ts';
import type { HostsDocument } from '../../lib/contract/host-schemas.ts';
import { fenceQuerySchema, noQuerySchema } from '../../lib/contract/request-schemas.ts';
import { type HostView, viewHosts } from '../../lib/model/hosts/host-view.ts';
import type { HostedNode } from '../../lib/model/hosts/hosted-node.ts';
import { fenceHost } from '../../lib/operations/fence-host.ts';
import type { ApiPorts } from '../../lib/operations/install-service.ts';
import { readAllServices } from '../../lib/operations/read-all-services.ts';
import { alreadySo } from './already-so.ts';
import { type ApiResponse, json, problem } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { readQuery } from './read-query.ts';

/** GET /v1/hosts */
export function listHosts({ store, clock }: Pick<ApiPorts, 'store' | 'clock'>): ApiHandler {
  return async ({ query }) => {
    const read = readQuery(noQuerySchema, query, 'none');
    if (read.type === 'answered') return read.response;
    const answer: HostsDocument = { hosts: viewHosts(await readAllServices(store), clock()).map(hostDocument) };
    return json(200, answer);
  };
}

/** POST /v1/hosts/{instanceId}/fence */
export function fence(ports: ApiPorts): ApiHandler {
  return async ({ pathParameters, query, requestedBy }) => {
    const read = readQuery(fenceQuerySchema, query, 'force=true or force=false');
    if (read.type === 'answered') return read.response;
    const { instanceId = '' } = pathParameters;
    const force = read.query.force === 'true';
    const result = await fenceHost(ports, { instanceId, force, requestedBy });
    switch (result.type) {
      case 'accepted':
        return json(202, { message: 'Received cmd: fence' } satisfies CommandAnswer);
      case 'already':
        return alreadySo();
      case 'no host':
        return noSuchHost(instanceId, result.known);
      case 'nodes live': {
        const detail = `${namesOf(result.nodes)} run on ${instanceId}, whose agent is in touch: its end would end them. To have them moved away one after another, let it drain (ecs update-container-instances-state --status DRAINING). To end it all the same, add force=true`;
        return problem({ kind: 'nodes-live', status: 409, detail });
      }
    }
  };
}

function noSuchHost(instanceId: string, known: readonly string[]): ApiResponse {
  const detail = `No node of any service is on a host ${instanceId.slice(0, 100)}; nodes are on ${known.join(', ') || 'none'}`;
  return problem({ kind: 'not-found', status: 404, detail });
}

function namesOf(nodes: readonly HostedNode[]): string {
  return nodes.map(({ service, pod }) => `${service}/${pod}`).join(', ');
}

function hostDocument({
  instanceId,
  zone,
  status,
  agent,
  since,
  nodes,
  fence,
}: HostView): HostsDocument['hosts'][number] {
  return {
    ...{ instanceId, zone, status, agent },
    ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
    nodes: nodes.map(({ service, pod, life }) => ({ service, pod, life })),
    ...(fence === undefined ? {} : { fence: fenceDocument(fence) }),
  };
}

function fenceDocument({ requestedBy, requestedAt, force, why, refused }: NonNullable<HostView['fence']>) {
  return {
    ...{ requestedBy, requestedAt: new Date(requestedAt).toISOString(), force, why },
    ...(refused === undefined ? {} : { refused: { at: new Date(refused.at).toISOString(), why: refused.why } }),
  };
}
