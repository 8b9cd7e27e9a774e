import type { Caller, Cloud } from '../core/service.ts';

/** CloudWatch takes 1 MiB a batch, each event counting 26 bytes more; a longer line is cut into several events. */
const MAX_BATCH_BYTES = 900_000;
const MAX_MESSAGE_BYTES = 200_000;

interface Line {
  readonly timestamp: number;
  readonly message: string;
}

/**
 * Writes an environment's lines to its log stream, in order and with the rights of the function's role. A role without
 * them has no logs, as on AWS; the cloud's own log then says so once.
 */
export class LogShipper {
  readonly #cloud: Cloud;
  readonly #caller: Caller;
  readonly #stream: { readonly logGroupName: string; readonly logStreamName: string };
  #lines: Line[] = [];
  #shipping: Promise<void> | undefined;
  #isCreated = false;
  #isRefused = false;

  constructor(cloud: Cloud, caller: Caller, stream: { readonly logGroupName: string; readonly logStreamName: string }) {
    this.#cloud = cloud;
    this.#caller = caller;
    this.#stream = stream;
  }

  write(message: string, timestamp: number): void {
    if (this.#isRefused) return;
    for (let start = 0; start === 0 || start < message.length; start += MAX_MESSAGE_BYTES) {
      this.#lines.push({ timestamp, message: message.slice(start, start + MAX_MESSAGE_BYTES) });
    }
    this.#shipping ??= this.#ship();
  }

  /** Resolves when everything written so far lies in the log stream. */
  async flush(): Promise<void> {
    while (this.#shipping !== undefined) await this.#shipping;
  }

  async #ship(): Promise<void> {
    try {
      if (!this.#isCreated) await this.#create();
      while (this.#lines.length > 0) {
        const logEvents = takeBatch(this.#lines);
        await this.#call('PutLogEvents', { ...this.#stream, logEvents });
      }
    } catch (error) {
      this.#isRefused = true;
      this.#lines = [];
      this.#cloud.log(`lambda: no logs in ${this.#stream.logGroupName}: ${String(error)}`);
    } finally {
      this.#shipping = undefined;
    }
  }

  async #create(): Promise<void> {
    const { logGroupName } = this.#stream;
    const { logGroups } = await this.#cloud.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: logGroupName });
    const isThere = logGroups.some((group: { logGroupName: string }) => group.logGroupName === logGroupName);
    if (!isThere) await this.#createGroup(logGroupName);
    await this.#call('CreateLogStream', this.#stream);
    this.#isCreated = true;
  }

  async #createGroup(logGroupName: string): Promise<void> {
    try {
      await this.#call('CreateLogGroup', { logGroupName });
    } catch (error) {
      // Another environment of the function was quicker.
      if (!(error instanceof Error) || error.name !== 'ResourceAlreadyExistsException') throw error;
    }
  }

  async #call(operation: string, input: object): Promise<void> {
    await this.#cloud.call('logs', operation, input, this.#caller);
  }
}

function takeBatch(lines: Line[]): Line[] {
  let bytes = 0;
  const end = lines.findIndex((line) => {
    bytes += Buffer.byteLength(line.message) + 26;
    return bytes > MAX_BATCH_BYTES;
  });
  return lines.splice(0, end === -1 ? 10_000 : Math.max(1, end));
}
