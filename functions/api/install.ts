import { installRequestSchema } from '../../lib/contract/request-schemas.ts';
import type { InstallAnswer } from '../../lib/contract/service-schema.ts';
import { freshBarMs } from '../../lib/model/deployment/install-bar.ts';
import type { ApiPorts } from '../../lib/operations/install-service.ts';
import { installUnlessBarred, type OpenInstallResult } from '../../lib/operations/install-unless-barred.ts';
import type { Deployment } from '../../lib/ports/deployment.ts';
import { json, problem } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { readDocument } from './read-body.ts';
import { errorsOf, refusedOptions } from './refused-options.ts';
import { planPath } from './services.ts';

const form = {
  schema: installRequestSchema,
  sentence: 'The body must be an object with options and packageVersion, both optional',
  allowed: 'options and packageVersion',
  hint: 'write {"options": {…}, "packageVersion": "…"}, both optional',
};

/** POST /services */
export function install(ports: ApiPorts & { readonly deployment: Deployment }): ApiHandler {
  return async ({ body, requestedBy }) => {
    const read = readDocument(body, form);
    if (read.type === 'answered') return read.response;
    const { options, packageVersion } = read.document;
    const result = await installUnlessBarred(ports, {
      options,
      requestedBy,
      ...(packageVersion === undefined ? {} : { packageVersion }),
    });
    switch (result.type) {
      case 'accepted': {
        const { service, planId, configId } = result;
        const answer: InstallAnswer = { name: service, planId, configId };
        return json(202, answer, { location: planPath(service, planId) });
      }
      case 'refused':
        return refusedOptions(result.refusals);
      case 'name taken':
        return problem({
          kind: 'name-taken',
          status: 409,
          detail: `A service named ${result.service} exists. Choose another service.name, or uninstall it first`,
          errors: errorsOf(result.refusals),
        });
      case 'installs barred':
        return problem({ kind: 'installs-barred', status: 409, detail: barredSentence(result) });
      case 'port taken':
        return problem({
          kind: 'port-taken',
          status: 409,
          detail: `Another service has port ${result.refusals.map(({ value }) => value).join(', ')}. Choose another one, or 0 for the lowest free one`,
          errors: errorsOf(result.refusals),
        });
    }
  };
}

function barredSentence({
  bar,
  isProtected,
}: Extract<OpenInstallResult, { readonly type: 'installs barred' }>): string {
  if (bar === undefined) return 'Installs are barred and opened again at this very moment. Try again';
  const since = `Installs are barred since ${new Date(bar.since).toISOString()} by ${bar.barredBy}`;
  if (isProtected) {
    return `${since}. The stack is protected again: they open by themselves ${freshBarMs / 1000} s after that. Try again then`;
  }
  return `${since}: the stack may be destroyed. POST /admin/forbid-destroy (warden admin forbid-destroy) opens them, and so does the next cdk deploy`;
}
