import { updateQuerySchema, updateRequestSchema } from '../../lib/contract/request-schemas.ts';
import type { Preview, Unchanged, UpdateAnswer } from '../../lib/contract/update-schema.ts';
import { changeSentences } from '../../lib/model/plan/change-sentences.ts';
import { viewProposal } from '../../lib/model/plan/proposal-view.ts';
import { shownDifferences } from '../../lib/model/plan/shown-differences.ts';
import { updateWarnings } from '../../lib/model/plan/update-warnings.ts';
import type { ApiPorts } from '../../lib/operations/install-service.ts';
import { type ProposalResult, proposeUpdate } from '../../lib/operations/propose-update.ts';
import { type UpdateRequest, type UpdateResult, updateService } from '../../lib/operations/update-service.ts';
import type { Store } from '../../lib/ports/store.ts';
import { type ApiResponse, json, problem } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { planDocument } from './plan-document.ts';
import { readDocument } from './read-body.ts';
import { readQuery } from './read-query.ts';
import { refusedOptions } from './refused-options.ts';
import { planPath } from './services.ts';
import { hibernates } from './sleep.ts';
import { noSuchService, readTargetConfig } from './stored-service.ts';

const form = {
  schema: updateRequestSchema,
  sentence:
    'The body must be an object with options, replace and packageVersion, of which options or packageVersion is given',
  allowed: 'options, replace and packageVersion',
  hint: 'write {"options": {…}}, and "replace": true to leave out what was stored',
};

/** PATCH /service/{name} */
export function update(ports: ApiPorts): ApiHandler {
  return async ({ service, query, body, requestedBy }) => {
    const asked = readQuery(updateQuerySchema, query, 'preview=true or preview=false');
    if (asked.type === 'answered') return asked.response;
    const read = readDocument(body, form);
    if (read.type === 'answered') return read.response;
    const { options, replace = false, packageVersion } = read.document;
    // Without options, `replace` would take everything back to its default: nobody means that by leaving them out.
    if (options === undefined && (packageVersion === undefined || replace)) return nothingGiven(replace);
    const version = packageVersion === undefined ? {} : { packageVersion };
    const request: UpdateRequest = { service, options, replace, requestedBy, ...version };
    if (asked.query.preview === 'true') return answerPreview(ports.store, request, await proposeUpdate(ports, request));
    return answerUpdate(request, await updateService(ports, request));
  };
}

function nothingGiven(replace: boolean): ApiResponse {
  const detail = replace
    ? 'replace needs options: without them every option would go back to its default. Give "options": {} if that is wanted'
    : 'Either options or packageVersion must be given';
  return problem({ kind: 'bad-request', status: 400, detail });
}

function answerUpdate({ service }: UpdateRequest, result: UpdateResult): ApiResponse {
  switch (result.type) {
    case 'accepted': {
      const { planId, configId } = result;
      const answer: UpdateAnswer = { name: service, planId, configId };
      return json(202, answer, { location: planPath(service, planId) });
    }
    case 'unchanged': {
      const answer: Unchanged = { name: service, planId: result.planId, unchanged: true };
      return json(200, answer);
    }
    case 'refused':
      return refusedOptions(result.refusals);
    case 'no service':
      return noSuchService(service);
    case 'hibernates':
      return hibernates(service);
    case 'going away': {
      const detail = `Service ${service} is being uninstalled: nothing of it can be changed. GET ${planPath(service, 'deploy')} shows how far it is`;
      return problem({ kind: 'going-away', status: 409, detail });
    }
  }
}

async function answerPreview(store: Store, request: UpdateRequest, result: ProposalResult): Promise<ApiResponse> {
  if (result.type !== 'proposed') return answerUpdate(request, result);
  const { proposal, nodes, state } = result;
  const { plan, config } = proposal;
  const answer: Preview = {
    planId: plan.id,
    configId: config.id,
    plan: planDocument(viewProposal(state, proposal)),
    nodes: nodes.map(({ name, nodeId, change }) => ({
      ...{ name, nodeId, change: { ...change }, reasons: [...changeSentences(change)] },
    })),
    changes: shownDifferences(plan.changes ?? []).map((change) => ({ ...change })),
    warnings: [...updateWarnings(plan, state.target, await readTargetConfig(store, state))],
  };
  return json(200, answer);
}
