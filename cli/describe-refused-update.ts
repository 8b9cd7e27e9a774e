import type { Problem } from '../lib/contract/problem-schema.ts';
import { describeProblem, fieldRow } from './describe-problem.ts';
import { drawTable } from './table.ts';

type RefusedField = NonNullable<Problem['errors']>[number];

/**
 * Why an update of a service was refused: a rename, a version and the options each in the words of the 2.x CLI. Other
 * problems are described as those of every command.
 * Source: dcos-commons, cli/client/cosmos.go.
 */
export function describeRefusedUpdate(service: string, problem: Problem): string {
  const { type, errors = [] } = problem;
  if (type !== 'urn:warden:problem:options-refused' || errors.length === 0) return describeProblem(problem);
  const renames = errors.filter((error) => isRename(service, error));
  const versions = errors.filter(({ pointer }) => pointer === '/packageVersion');
  const options = errors.filter((error) => !renames.includes(error) && !versions.includes(error));
  return [
    ...renames.map((error) => renameText(service, error)),
    ...versions.map((error) => versionText(service, error)),
    ...(options.length === 0 ? [] : [optionsText(service, options)]),
  ].join('\n\n');
}

/** A name that is no text is refused for that: no rename can be told of it. */
function isRename(service: string, { pointer, value }: RefusedField): boolean {
  return pointer === '/service/name' && typeof value === 'string' && value !== service;
}

function renameText(service: string, { value }: RefusedField): string {
  return [
    `Could not update service name from "${service}" to "${value}".`,
    `The service name cannot be changed once installed. Ensure service.name is set to "${service}" in options JSON.`,
  ].join('\n');
}

/** The versions are those that the API allows; why, and what to do, follow in its words. */
function versionText(service: string, { value, allowed, detail, hint }: RefusedField): string {
  const valid = (allowed ?? '').split(', ').filter((version) => /^\d+\.\d+\.\d+-\S+$/.test(version));
  return [
    `Unable to update ${service} to requested version: ${value}`,
    ...(valid.length === 0
      ? ['No valid package versions to update to.']
      : ['Valid package versions are:', ...valid.map((version) => `- ${version}`)]),
    sentence(detail),
    ...(hint === undefined ? [] : [sentence(hint)]),
  ].join('\n');
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function optionsText(service: string, options: readonly RefusedField[]): string {
  return [
    `Unable to update ${service} to requested configuration: options JSON failed validation.`,
    '',
    drawTable([['Field', 'Error'], ['-----', '-----'], ...options.map(fieldRow)]),
  ].join('\n');
}
