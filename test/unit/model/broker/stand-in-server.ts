import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/**
 * A process in Kafka's place. It listens where its health checks ask and does what the file that its first argument names
 * says: `answer`, `silent` (it accepts), `close`, `garbage`, or `exit <code>`; `answer 9092 only` leaves others without an
 * answer. It prints what happens to it, and ends at SIGTERM with 143, as Kafka does.
 */
const modeFile = process.argv[2] ?? '';

/** ApiVersions, version 0, by the Kafka protocol guide: size, key, version, correlation id, client id. */
const request = Buffer.concat([
  Buffer.from([0, 0, 0, 29, 0, 18, 0, 0]),
  Buffer.from('WARD'),
  Buffer.from([0, 19]),
  Buffer.from('warden-health-check'),
]);

/** No error, and one API: fetch, versions 0 to 17. */
const body = Buffer.from([0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 17]);
const answer = Buffer.concat([Buffer.from([0, 0, 0, 16]), Buffer.from('WARD'), body]);
const garbage = Buffer.concat([Buffer.from([0, 0, 0, 16]), Buffer.from('DRAW'), body]);

for (const address of (process.env['WARDEN_HEALTH_CHECK_AT'] ?? '').split(' ')) {
  const [host = '', port = ''] = address.split(':');
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      if (!bytes.equals(request)) throw new Error(`not the request for API versions: ${bytes.toString('hex')}`);
      const mode = readFileSync(modeFile, 'utf8');
      process.stdout.write(`asked at ${port}: ${mode}\n`);
      if (mode === 'answer' || mode === `answer ${port} only`) socket.write(answer);
      if (mode === 'garbage') socket.end(garbage);
      if (mode === 'close') socket.destroy();
      if (mode.startsWith('exit ')) process.exit(Number(mode.slice('exit '.length)));
    });
  });
  server.listen(Number(port), host);
}

process.on('SIGTERM', () => {
  process.stdout.write('told to stop\n');
  process.exit(143);
});
process.stdout.write(`started as ${process.pid}\n`);
