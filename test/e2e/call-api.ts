import type { Endpoints } from '../../scripts/launch/endpoints-file.ts';

/** One call of the HTTP API with the token; the body of the answer is read as JSON. */
export async function callApi(
  { api, token }: Endpoints,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body: unknown },
) {
  const response = await fetch(`${api}${path}`, {
    method,
    headers: { authorization: `token=${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    location: response.headers.get('location'),
    body: text === '' ? undefined : JSON.parse(text),
  };
}
