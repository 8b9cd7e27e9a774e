import { type ApiResponse, text } from './api-response.ts';

/** What a command says when nothing is left to do. Source: dcos-commons, PlansQueries. */
export function alreadySo(): ApiResponse {
  return text(208, 'Command has already been reported or completed');
}
