import type { Socket } from 'node:net';

/** Messages as lines of JSON over a socket, in both directions and in order. */
export class LineConnection<Out, In> {
  readonly #socket: Socket;
  #rest = '';

  constructor(socket: Socket, on: { readonly message: (message: In) => void; readonly close: () => void }) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      const lines = `${this.#rest}${chunk}`.split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) on.message(JSON.parse(line) as In);
    });
    // An error is always followed by close, which is what matters to both sides.
    socket.on('error', () => undefined);
    socket.on('close', on.close);
  }

  send(message: Out): void {
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  close(): void {
    this.#socket.destroy();
  }
}
