import { parseDocument } from 'yaml';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { validationError } from './validation-error.ts';

/**
 * Reads the text of a template, JSON or YAML. The CDK's CLI sends small templates as YAML in which every intrinsic
 * function is written out, so short tags (`!Ref`) are refused.
 *
 * @throws AwsError ValidationError
 */
export function readTemplateText(text: string): JsonObject {
  const value = text.trimStart().startsWith('{') ? readJson(text) : readYaml(text);
  if (!isJsonObject(value)) throw validationError('Template format error: unsupported structure.');
  return value;
}

function readJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw validationError(`Template format error: JSON not well-formed. ${String(error)}`);
  }
}

function readYaml(text: string): Json {
  const document = parseDocument(text, { schema: 'core' });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) {
    const hint = 'Short tags such as !Ref are not in the local cloud: write { Ref: … } or { Fn::…: … }.';
    throw validationError(`Template format error: YAML not well-formed. ${problem.message} ${hint}`);
  }
  return document.toJSON();
}
