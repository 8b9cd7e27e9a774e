import { routes } from '../../lib/contract/routes.ts';
import { type ApiResponse, problem } from './api-response.ts';

/** A known path with another method is answered 405 with the methods that it has; any other path 404. */
export function answerUnknownRoute({ method, path }: { readonly method: string; readonly path: string }): ApiResponse {
  const allowed = routes.filter((route) => patternOf(route.path).test(path)).map((route) => route.method);
  if (allowed.length === 0) {
    return problem({ kind: 'not-found', status: 404, detail: `There is no route ${path}. See /openapi.json` });
  }
  const methods = allowed.join(', ');
  const detail = `${path} does not take ${method}. It takes ${methods}`;
  const answer = problem({ kind: 'method-not-allowed', status: 405, detail });
  return { ...answer, headers: { ...answer.headers, allow: methods } };
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`);
}
