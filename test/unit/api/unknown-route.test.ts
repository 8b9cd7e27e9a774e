import { describe, expect, test } from '@jest/globals';
import { answerUnknownRoute } from '../../../functions/api/unknown-route.ts';

describe('a request for no route', () => {
  test.each([
    ['/servces', 'Did you mean /services?'],
    ['/v1/plan/deploy', 'Did you mean /v1/plans/deploy?'],
    ['/service/logs/v1/configuration', 'Did you mean /service/logs/v1/configurations?'],
    ['/services/', 'Did you mean /services?'],
  ])('%s is answered 404 with the route that was meant', (path, hint) => {
    const { statusCode, body } = answerUnknownRoute({ method: 'GET', path });
    expect(statusCode).toBe(404);
    expect(JSON.parse(body ?? '').detail).toBe(
      `There is no route ${path}. ${hint} GET /openapi.json describes all of them`,
    );
  });

  test('is answered 404 without a guess when nothing is near', () => {
    const { body } = answerUnknownRoute({ method: 'GET', path: '/something/else/altogether/than/any/route' });
    expect(JSON.parse(body ?? '').detail).not.toContain('Did you mean');
  });

  test.each([
    ['PUT', '/services', 'GET, POST'],
    ['HEAD', '/services', 'GET, POST'],
    ['OPTIONS', '/service/kafka', 'GET, PATCH, DELETE'],
    ['GET', '/v1/plan/continue', 'POST, PUT'],
    ['DELETE', '/v1/plan', 'GET, POST, PUT'],
    ['PATCH', '/service/kafka/v1/plans/deploy/restart', 'POST, PUT'],
    ['POST', '/v1/configurations/target', 'GET'],
    ['PATCH', '/service/kafka/v1/state/files/f', 'GET, PUT'],
    ['GET', '/admin/allow-destroy', 'POST'],
  ])('%s %s is answered 405 with each method that the path has, once', (method, path, allow) => {
    const { statusCode, headers } = answerUnknownRoute({ method, path });
    expect([statusCode, headers?.['allow']]).toEqual([405, allow]);
  });
});
