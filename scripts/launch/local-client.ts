/** What an SDK client needs to call the local cloud; it takes any credentials that STS did not issue as the operator's. */
export function localClient(endpoint: string) {
  return { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}
