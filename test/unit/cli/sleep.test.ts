import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Outcome, runLine } from './command-line.ts';
import { problemAnswer, type ScriptedApi, serveScript } from './scripted-api.ts';

let api: ScriptedApi;

beforeEach(async () => {
  api = await serveScript();
});

afterEach(() => api.close());

function warden(line: string): Promise<Outcome> {
  return runLine(line.split(' '), { env: { WARDEN_URL: api.url } });
}

describe('hibernate and resume', () => {
  test.each([
    ['hibernate', 'Stopping'],
    ['resume', 'Starting'],
  ])('%s prints the plan that it started, and how to watch it', async (word, doing) => {
    const body = { name: 'orders', planId: 'p-1' };
    api.answer(`POST /service/orders/v1/${word}`, { status: 202, body });
    expect(await warden(`${word} --name=orders`)).toEqual({
      exitCode: 0,
      stdout: '{\n  "name": "orders",\n  "planId": "p-1"\n}\n',
      stderr: `${doing} all nodes of orders. Watch it with \`warden plan status ${word} --watch --name=orders\`\n`,
    });
    expect(api.seen).toEqual([{ request: `POST /service/orders/v1/${word}` }]);
  });

  test.each(['hibernate', 'resume'])('%s that has no effect is an error', async (word) => {
    const already = { status: 208, body: 'Command has already been reported or completed' };
    api.answer(`POST /service/kafka/v1/${word}`, already);
    expect(await warden(word)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'Cannot execute command. Command has already been issued or the plan has completed\n',
    });
  });

  test('an update of a service that hibernates fails with the sentence of the API', async () => {
    const detail = 'Service kafka hibernates: nothing of it runs, and nothing of it is changed. Resume it first';
    api.answer('POST /service/kafka/v1/pod/kafka-0/restart', problemAnswer(409, 'hibernates', detail));
    const { exitCode, stderr } = await warden('pod restart kafka-0');
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(detail);
  });
});
