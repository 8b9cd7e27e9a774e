import { describe, expect, test } from '@jest/globals';
import { matchRoute, parseRouteKey } from '../../../../local/apigateway/route-match.ts';

const ROUTES = [
  '$default',
  'ANY /{proxy+}',
  'ANY /pets/{proxy+}',
  'GET /pets/{id}',
  'GET /pets/dog',
  'ANY /pets/dog',
  'GET /pets/dog/{n}',
  'GET /pets/{id}/1',
  'POST /',
].map((routeKey, i) => ({ id: String(i), apiId: 'a', routeKey }));

describe('the route of a request', () => {
  test.each([
    ['GET', '/pets/dog', 'GET /pets/dog', {}],
    ['POST', '/pets/dog', 'ANY /pets/dog', {}],
    ['GET', '/pets/cat', 'GET /pets/{id}', { id: 'cat' }],
    ['POST', '/pets/cat', 'ANY /pets/{proxy+}', { proxy: 'cat' }],
    ['GET', '/pets/dog/1', 'GET /pets/dog/{n}', { n: '1' }],
    ['GET', '/pets/cat/1', 'GET /pets/{id}/1', { id: 'cat' }],
    ['GET', '/pets/a/b/c%2Fd', 'ANY /pets/{proxy+}', { proxy: 'a/b/c/d' }],
    ['GET', '/other', 'ANY /{proxy+}', { proxy: 'other' }],
    ['POST', '/', 'POST /', {}],
    ['GET', '/', '$default', {}],
    ['GET', '/pets/', 'ANY /{proxy+}', { proxy: 'pets/' }],
  ])('%s %s is %s', (method, path, routeKey, pathParameters) => {
    const match = matchRoute(ROUTES, method, path);
    expect({ routeKey: match?.route.routeKey, pathParameters: match?.pathParameters }).toEqual({
      routeKey,
      pathParameters,
    });
  });

  test('is none when no route matches', () => {
    expect(matchRoute([{ id: '1', apiId: 'a', routeKey: 'GET /a' }], 'POST', '/a')).toBeUndefined();
  });
});

test.each(['GET', 'GET pets', 'FETCH /pets', 'GET /{a+}/b', 'GET /a{b}', 'get /a'])(
  'the route key %s is refused',
  (key) => {
    expect(parseRouteKey(key)).toBeUndefined();
  },
);
