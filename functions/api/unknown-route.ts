import { routes } from '../../lib/contract/routes.ts';
import { nearestName } from '../../lib/model/service/nearest-name.ts';
import { type ApiResponse, problem } from './api-response.ts';

/**
 * A known path with another method is answered 405 with the methods that it has; any other path 404, with the route that
 * was most likely meant.
 */
export function answerUnknownRoute({ method, path }: { readonly method: string; readonly path: string }): ApiResponse {
  const allowed = [...new Set(routes.filter((route) => isPathOf(route.path, path)).map((route) => route.method))];
  if (allowed.length === 0) {
    const detail = `There is no route ${path}. ${hintFor(path)}GET /openapi.json describes all of them`;
    return problem({ kind: 'not-found', status: 404, detail });
  }
  const methods = allowed.join(', ');
  const detail = `${path} does not take ${method}. It takes ${methods}`;
  const answer = problem({ kind: 'method-not-allowed', status: 405, detail });
  return { ...answer, headers: { ...answer.headers, allow: methods } };
}

function isPathOf(template: string, path: string): boolean {
  const given = path.split('/');
  const wanted = template.split('/');
  return (
    given.length === wanted.length &&
    wanted.every((segment, index) => (isVariable(segment) ? given[index] !== '' : segment === given[index]))
  );
}

/** What stands in the place of a variable is right by itself: only the fixed words of a route are compared. */
function hintFor(path: string): string {
  const given = path.replace(/\/+$/, '').split('/');
  const known = routes.map((route) =>
    route.path
      .split('/')
      .map((segment, index) => (isVariable(segment) ? (given[index] ?? segment) : segment))
      .join('/'),
  );
  const nearest = nearestName(path, known);
  return nearest === undefined ? '' : `Did you mean ${nearest}? `;
}

function isVariable(segment: string): boolean {
  return segment.startsWith('{');
}
