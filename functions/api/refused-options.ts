import type { Problem } from '../../lib/contract/problem-schema.ts';
import type { Refusal } from '../../lib/model/refusal.ts';
import { type ApiResponse, problem } from './api-response.ts';

/** 400 with every option that is refused. */
export function refusedOptions(refusals: readonly Refusal[]): ApiResponse {
  const detail = `${refusals.length === 1 ? 'One option is' : `${refusals.length} options are`} refused; nothing was changed`;
  return problem({ kind: 'options-refused', status: 400, detail, errors: errorsOf(refusals) });
}

export function errorsOf(refusals: readonly Refusal[]): Problem['errors'] {
  return refusals.map(({ message, ...rest }) => ({ ...rest, detail: message }));
}
