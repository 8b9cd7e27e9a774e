import type { ParameterDeclaration } from './template.ts';
import { validationError } from './validation-error.ts';

/** A parameter of a stack: what was given, and what it stands for. */
export interface ParameterValue {
  /** The text given with the request, or the default. */
  readonly given: string;
  /** What an SSM parameter held when the value was resolved. */
  readonly resolved?: string;
  readonly noEcho: boolean;
  /** What Ref answers. */
  readonly value: string | readonly string[];
}

/** A parameter as a request gives it. */
export interface GivenParameter {
  readonly ParameterKey?: string | undefined;
  readonly ParameterValue?: string | undefined;
  readonly UsePreviousValue?: boolean | undefined;
}

export interface ParameterSources {
  readonly given: readonly GivenParameter[];
  /** Values of the stack as it is deployed. */
  readonly previous: Readonly<Record<string, ParameterValue>>;
  /** Reads a parameter of Systems Manager; undefined when there is none. */
  readonly readSsm: (name: string) => Promise<string | undefined>;
}

/**
 * Gives each declared parameter its value.
 *
 * @throws AwsError ValidationError on a missing, unknown or unacceptable value
 */
export async function resolveParameters(
  declarations: Readonly<Record<string, ParameterDeclaration>>,
  sources: ParameterSources,
): Promise<Readonly<Record<string, ParameterValue>>> {
  refuseUnknown(declarations, sources.given);
  const missing = Object.keys(declarations).filter((name) => givenText(name, declarations, sources) === undefined);
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  const values: Record<string, ParameterValue> = {};
  for (const [name, declaration] of Object.entries(declarations)) {
    const text = givenText(name, declarations, sources) ?? '';
    values[name] = await resolveParameter(name, declaration, { text, readSsm: sources.readSsm });
  }
  return values;
}

function refuseUnknown(
  declarations: Readonly<Record<string, ParameterDeclaration>>,
  given: readonly GivenParameter[],
): void {
  const unknown = given.map((parameter) => parameter.ParameterKey ?? '').filter((name) => !(name in declarations));
  if (unknown.length > 0) throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
}

function givenText(
  name: string,
  declarations: Readonly<Record<string, ParameterDeclaration>>,
  sources: ParameterSources,
): string | undefined {
  const given = sources.given.find((parameter) => parameter.ParameterKey === name);
  if (given?.UsePreviousValue === true) return sources.previous[name]?.given;
  return given?.ParameterValue ?? declarations[name]?.defaultValue;
}

const SSM_VALUE = /^AWS::SSM::Parameter::Value<(.+)>$/;

async function resolveParameter(
  name: string,
  declaration: ParameterDeclaration,
  source: { readonly text: string; readonly readSsm: ParameterSources['readSsm'] },
): Promise<ParameterValue> {
  const { text } = source;
  checkConstraints(name, declaration, text);
  const inner = SSM_VALUE.exec(declaration.type)?.[1];
  if (inner === undefined)
    return { given: text, noEcho: declaration.noEcho, value: typed(name, declaration.type, text) };
  const resolved = await source.readSsm(text);
  if (resolved === undefined)
    throw validationError(`Unable to fetch parameters [${text}] from parameter store for this account.`);
  return { given: text, resolved, noEcho: declaration.noEcho, value: typed(name, inner, resolved) };
}

function typed(name: string, type: string, text: string): string | readonly string[] {
  if (type === 'Number' && !isNumber(text)) throw validationError(`Parameter '${name}' must be a number, not ${text}.`);
  if (type !== 'CommaDelimitedList' && !type.startsWith('List<')) {
    if (type === 'String' || type === 'Number' || type.startsWith('AWS::')) return text;
    throw validationError(`Template format error: Unrecognized parameter type: ${type}`);
  }
  const items = text === '' ? [] : text.split(',').map((item) => item.trim());
  // An empty CommaDelimitedList is a list of one empty text, as AWS has it; the bootstrap template compares with it.
  return items.length === 0 ? [''] : items;
}

function checkConstraints(name: string, declaration: ParameterDeclaration, text: string): void {
  const refuse = (usual: string): never => {
    throw validationError(
      declaration.constraintDescription === undefined
        ? usual
        : `Parameter '${name}' failed to satisfy constraint: ${declaration.constraintDescription}`,
    );
  };
  const { allowedValues, allowedPattern, minLength, maxLength, minValue, maxValue } = declaration;
  if (allowedValues !== undefined && !allowedValues.includes(text))
    refuse(`Parameter '${name}' must be one of AllowedValues`);
  if (allowedPattern !== undefined && !new RegExp(`^(?:${allowedPattern})$`).test(text))
    refuse(`Parameter '${name}' must match pattern ${allowedPattern}`);
  if (minLength !== undefined && text.length < minLength)
    refuse(`Parameter '${name}' must contain at least ${minLength} characters`);
  if (maxLength !== undefined && text.length > maxLength)
    refuse(`Parameter '${name}' must contain at most ${maxLength} characters`);
  if (minValue !== undefined && Number(text) < minValue)
    refuse(`Parameter '${name}' must be a number not less than ${minValue}`);
  if (maxValue !== undefined && Number(text) > maxValue)
    refuse(`Parameter '${name}' must be a number not greater than ${maxValue}`);
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && !Number.isNaN(Number(text));
}
