import type { ApiRequest } from './api-request.ts';
import type { StageRecord } from './api-store.ts';
import { parseQuery } from './payload.ts';

const PATTERN = /^\$(request\.header|request\.querystring|stageVariables)\.([\w.-]+)$|^\$context\.routeKey$/;

/** Whether the expression is one that the gateway can read from a request. */
export function isIdentitySource(expression: string): boolean {
  return PATTERN.test(expression);
}

/** The values of the expressions; undefined when one is missing or empty, which makes a request unauthorized. */
export function readIdentity(
  expressions: readonly string[],
  {
    request,
    stage,
    routeKey,
  }: { readonly request: ApiRequest; readonly stage: StageRecord; readonly routeKey: string },
): string[] | undefined {
  const query = parseQuery(request.rawQuery);
  const values = expressions.map((expression) => {
    const [, place, name = ''] = PATTERN.exec(expression) ?? [];
    switch (place) {
      case 'request.header':
        return request.headers[name.toLowerCase()];
      case 'request.querystring':
        return query?.[name];
      case 'stageVariables':
        return stage.variables[name];
      default:
        return routeKey;
    }
  });
  const found = values.filter((value) => value !== undefined && value !== '');
  return found.length === values.length ? found.map(String) : undefined;
}
