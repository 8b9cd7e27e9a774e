import { AwsError } from '../core/aws-error.ts';

/** A range of bytes; the end is not part of it. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a Range header of one range: bytes=2-5, bytes=2- or bytes=-4.
 * @throws InvalidRange when it lies beyond the end
 */
export function readRange(header: string, bytes: number): ByteRange {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header);
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === ''))
    throw new AwsError('InvalidArgument', `The range ${header} is not one range of bytes, as bytes=0-99`);
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes : Math.min(bytes, Number(last) + 1);
  if (start < end) return { start, end };
  throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
}
