import type { RouteRecord } from './api-store.ts';

/** One segment of a route's path. */
type Segment =
  | { readonly type: 'literal'; readonly text: string }
  | { readonly type: 'variable'; readonly name: string }
  | { readonly type: 'greedy'; readonly name: string };

/** A parsed route key; `$default` has neither method nor path. */
export type RouteKey =
  | { readonly type: 'default' }
  | { readonly type: 'path'; readonly method: string; readonly path: string; readonly segments: readonly Segment[] };

/** The route that a request takes, with the decoded values of the path's variables. */
export interface RouteMatch {
  readonly route: RouteRecord;
  readonly key: RouteKey;
  readonly pathParameters: Readonly<Record<string, string>>;
}

const METHODS = ['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/** Parses `GET /service/{name}`, `ANY /{proxy+}` or `$default`; undefined when it is malformed. */
export function parseRouteKey(text: string): RouteKey | undefined {
  if (text === '$default') return { type: 'default' };
  const [, method = '', path = ''] = /^([A-Z]+) (\/\S*)$/.exec(text) ?? [];
  if (!METHODS.includes(method)) return undefined;
  const segments = splitPath(path).map(parseSegment);
  const isFormatted = segments.every(
    (segment, i) => segment !== undefined && (segment.type !== 'greedy' || i === segments.length - 1),
  );
  return isFormatted
    ? { type: 'path', method, path, segments: segments.filter((segment) => segment !== undefined) }
    : undefined;
}

/**
 * Chooses the most specific route: full matches before greedy ones, literal segments before variables from the left,
 * a method of its own before ANY, and `$default` when no other matches.
 *
 * @throws URIError when the path holds a malformed escape
 */
export function matchRoute(routes: readonly RouteRecord[], method: string, rawPath: string): RouteMatch | undefined {
  const given = splitPath(rawPath).map(decodeURIComponent);
  const candidates = routes.flatMap((route) => {
    const key = parseRouteKey(route.routeKey);
    const pathParameters = key === undefined ? undefined : matchKey(key, method, given);
    return key === undefined || pathParameters === undefined ? [] : [{ route, key, pathParameters }];
  });
  return candidates.sort((a, b) => compareKeys(a.key, b.key))[0];
}

function splitPath(path: string): string[] {
  return path.split('/').slice(1);
}

function parseSegment(text: string): Segment | undefined {
  const [, name, plus] = /^\{([\w.-]+)(\+?)\}$/.exec(text) ?? [];
  if (name !== undefined) return { type: plus === '+' ? 'greedy' : 'variable', name };
  return /[{}]/.test(text) ? undefined : { type: 'literal', text };
}

function matchKey(key: RouteKey, method: string, given: readonly string[]): Record<string, string> | undefined {
  if (key.type === 'default') return {};
  if (key.method !== 'ANY' && key.method !== method) return undefined;
  const parameters: Record<string, string> = {};
  for (const [i, segment] of key.segments.entries()) {
    const value = given[i];
    if (value === undefined) return undefined;
    switch (segment.type) {
      case 'literal':
        if (value !== segment.text) return undefined;
        break;
      case 'variable':
        if (value === '') return undefined;
        parameters[segment.name] = value;
        break;
      case 'greedy':
        parameters[segment.name] = given.slice(i).join('/');
        return parameters[segment.name] === '' ? undefined : parameters;
    }
  }
  return given.length === key.segments.length ? parameters : undefined;
}

function compareKeys(a: RouteKey, b: RouteKey): number {
  const [rankA, rankB] = [rankOf(a), rankOf(b)];
  return rankA === rankB ? 0 : rankA < rankB ? -1 : 1;
}

/** A text that sorts as specific routes should: full before greedy before $default, then segment by segment. */
function rankOf(key: RouteKey): string {
  if (key.type === 'default') return '2';
  const isGreedy = key.segments.some(({ type }) => type === 'greedy');
  const segments = key.segments.map(({ type }) => ({ literal: 'a', variable: 'b', greedy: 'c' })[type]).join('');
  return `${isGreedy ? 1 : 0}${segments}${key.method === 'ANY' ? '1' : '0'}`;
}
