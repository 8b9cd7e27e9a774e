import type { WireRequest } from './message.ts';
import { listOperations, type Operation, type ServiceModule } from './operation.ts';

/** An operation's method and path, taken apart for matching. */
interface Route {
  readonly operation: Operation;
  readonly method: string;
  readonly segments: readonly string[];
  /** Query parameters that the address always has; x-id only names the operation and may be left out. */
  readonly fixedQuery: readonly (readonly [string, string])[];
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
}

/** The operation and the path's labels, still percent-encoded. */
export interface RouteMatch {
  readonly operation: Operation;
  readonly labels: Readonly<Record<string, string>>;
}

const ROUTES = new WeakMap<ServiceModule, readonly Route[]>();

/** Finds the operation that a REST request is for: of those that fit, the one that asks for most. */
export function matchRoute(module: ServiceModule, request: WireRequest): RouteMatch | undefined {
  const path = request.path.split('/').filter((segment, index, all) => segment !== '' || isInsideKey(index, all));
  const fitting = routesOf(module)
    .map((route) => ({ route, labels: matchLabels(route, request, path) }))
    .filter(({ labels }) => labels !== undefined)
    .sort((a, b) => weight(b.route, request) - weight(a.route, request));
  const [best] = fitting;
  return best === undefined ? undefined : { operation: best.route.operation, labels: best.labels ?? {} };
}

/** Keys of S3 may hold empty segments and end with a slash; the slash before a bucket or after it means nothing. */
function isInsideKey(index: number, all: readonly string[]): boolean {
  return index > 1 && !(index === 2 && all.length === 3);
}

function matchLabels(route: Route, request: WireRequest, path: readonly string[]): Record<string, string> | undefined {
  if (route.method !== request.method) return undefined;
  for (const [name, value] of route.fixedQuery) {
    const given = request.query.get(name);
    if (name === 'x-id' ? given !== null && given !== value : given === null || (value !== '' && given !== value))
      return undefined;
  }
  if (!route.requiredQuery.every((name) => request.query.has(name))) return undefined;
  if (!route.requiredHeaders.every((name) => request.headers[name] !== undefined)) return undefined;
  return matchPath(route.segments, path);
}

function matchPath(segments: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  const isGreedy = segments.some((segment) => segment.endsWith('+}'));
  const path = isGreedy ? given : given.filter((segment) => segment !== '');
  const labels: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const rest = path.slice(index);
    const label = /^\{(\w+)(\+?)\}$/.exec(segment);
    if (rest.length === 0) return undefined;
    if (label === null && rest[0] !== segment) return undefined;
    if (label?.[2] === '+') return { ...labels, [label[1] ?? '']: rest.join('/') };
    if (label !== null) labels[label[1] ?? ''] = rest[0] ?? '';
  }
  return path.length === segments.length ? labels : undefined;
}

/** More conditions, and literal segments before labels, make a route more particular. */
function weight(route: Route, request: WireRequest): number {
  const named = route.fixedQuery.filter(([name]) => request.query.has(name)).length;
  const literal = route.segments.filter((segment) => !segment.startsWith('{')).length;
  return (named + route.requiredQuery.length + route.requiredHeaders.length) * 100 + literal;
}

function routesOf(module: ServiceModule): readonly Route[] {
  const known = ROUTES.get(module);
  if (known !== undefined) return known;
  const routes = listOperations(module)
    .map(toRoute)
    .filter((route) => route !== undefined);
  ROUTES.set(module, routes);
  return routes;
}

function toRoute(operation: Operation): Route | undefined {
  const { http } = operation.traits;
  if (http === undefined) return undefined;
  const [method, address] = http;
  const [path = '/', query = ''] = address.split('?');
  const members = operation.input.type === 'structure' ? [...operation.input.members.values()] : [];
  // The SDK moves S3's bucket from the path to the host name; an address by number keeps it in the path.
  const moved = members
    .filter(({ name, traits }) => traits.httpLabel && !path.includes(`{${name}`))
    .map(({ name }) => `{${name}}`);
  const required = members.filter((member) => member.required);
  return {
    operation,
    method,
    segments: [...moved, ...path.split('/').filter((segment) => segment !== '')],
    fixedQuery: [...new URLSearchParams(query)],
    requiredQuery: required.map(({ traits }) => traits.httpQuery).filter((name) => name !== undefined),
    requiredHeaders: required
      .map(({ traits }) => traits.httpHeader?.toLowerCase())
      .filter((name) => name !== undefined),
  };
}
