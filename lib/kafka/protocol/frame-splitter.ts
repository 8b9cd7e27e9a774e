import { MalformedMessageError } from './malformed-message-error.ts';

/** No answer that we ask for comes near it; a length beyond it is another protocol's bytes (`HTTP` reads as 1.2 GB). */
const maxFrameBytes = 128 * 1024 * 1024;
const lengthBytes = 4;

/** Cuts a stream into the frames that each begin with their length. */
export interface FrameSplitter {
  /** @throws MalformedMessageError for a length that no frame has. */
  readonly push: (chunk: Buffer) => readonly Buffer[];
}

/** Chunks are joined only once a frame is whole, so a large frame costs no more than its size. */
export function createFrameSplitter(): FrameSplitter {
  let chunks: Buffer[] = [];
  let pendingBytes = 0;
  const push = (chunk: Buffer): readonly Buffer[] => {
    chunks.push(chunk);
    pendingBytes += chunk.length;
    const frames: Buffer[] = [];
    for (;;) {
      const head = headOf(chunks, pendingBytes);
      if (head === undefined) return frames;
      const end = lengthBytes + checkedLength(head);
      if (pendingBytes < end) return frames;
      const joined = join(chunks);
      frames.push(joined.subarray(lengthBytes, end));
      chunks = [joined.subarray(end)];
      pendingBytes -= end;
    }
  };
  return { push };
}

/** A single chunk is used as it is: many small frames in one chunk are cut without copies. */
function join(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
}

function headOf(chunks: readonly Buffer[], pendingBytes: number): number | undefined {
  if (pendingBytes < lengthBytes) return undefined;
  const [first] = chunks;
  const head = first !== undefined && first.length >= lengthBytes ? first : Buffer.concat(chunks);
  return head.readInt32BE(0);
}

function checkedLength(length: number): number {
  if (length >= lengthBytes && length <= maxFrameBytes) return length;
  throw new MalformedMessageError(`a frame announces ${length} bytes; 4 to ${maxFrameBytes} are possible`);
}
