import type { Problem } from '../../lib/contract/problem-schema.ts';
import { installRequestSchema } from '../../lib/contract/request-schemas.ts';
import type { InstallAnswer } from '../../lib/contract/service-schema.ts';
import { freshBarMs } from '../../lib/model/deployment/install-bar.ts';
import type { Refusal } from '../../lib/model/refusal.ts';
import { pointerOf } from '../../lib/model/refusal.ts';
import type { ApiPorts } from '../../lib/operations/install-service.ts';
import { installUnlessBarred, type OpenInstallResult } from '../../lib/operations/install-unless-barred.ts';
import type { Deployment } from '../../lib/ports/deployment.ts';
import { type Body, maxBodyBytes } from './api-request.ts';
import { type ApiResponse, json, problem } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { planPath } from './services.ts';

const mostErrors = 100;

/** POST /services */
export function install(ports: ApiPorts & { readonly deployment: Deployment }): ApiHandler {
  return async ({ body, requestedBy }) => {
    const read = readInstall(body);
    if (read.type === 'answered') return read.response;
    const { options, packageVersion } = read.request;
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
        return refused(result.refusals);
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

type InstallBody =
  | {
      readonly type: 'read';
      readonly request: { readonly options?: unknown; readonly packageVersion?: string | undefined };
    }
  | { readonly type: 'answered'; readonly response: ApiResponse };

function readInstall(body: Body): InstallBody {
  switch (body.type) {
    case 'none':
      return { type: 'read', request: {} };
    case 'too large': {
      const detail = `The body has ${body.bytes} bytes, more than ${maxBodyBytes}`;
      return { type: 'answered', response: problem({ kind: 'too-large', status: 413, detail }) };
    }
    case 'not json': {
      const detail = `The body is not JSON: ${body.reason}`;
      return { type: 'answered', response: problem({ kind: 'bad-request', status: 400, detail }) };
    }
    case 'json':
      return readDocument(body.value);
  }
}

function readDocument(value: unknown): InstallBody {
  const parsed = installRequestSchema.safeParse(value);
  if (parsed.success) return { type: 'read', request: parsed.data };
  const errors = parsed.error.issues.flatMap(({ path, message, ...issue }) =>
    // Each unknown member by its own name, as unknown options are. A body has room for many thousands.
    issue.code === 'unrecognized_keys'
      ? issue.keys
          .slice(0, mostErrors)
          .map((key) => bodyError([...path, key], `there is no member ${key.slice(0, 100)}`))
      : [bodyError(path, message)],
  );
  const detail = 'The body must be an object with options and packageVersion, both optional';
  return { type: 'answered', response: problem({ kind: 'bad-request', status: 400, detail, errors }) };
}

function bodyError(path: readonly PropertyKey[], detail: string) {
  const hint = 'write {"options": {…}, "packageVersion": "…"}, both optional';
  return { pointer: pointerOf(...path.map(String)), detail, allowed: 'options and packageVersion', hint };
}

function refused(refusals: readonly Refusal[]): ApiResponse {
  const errors = errorsOf(refusals);
  const detail = `${refusals.length === 1 ? 'One option is' : `${refusals.length} options are`} refused; nothing was changed`;
  return problem({ kind: 'options-refused', status: 400, detail, errors });
}

function errorsOf(refusals: readonly Refusal[]): Problem['errors'] {
  return refusals.map(({ message, ...rest }) => ({ ...rest, detail: message }));
}
