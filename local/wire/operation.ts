import { type Shape, type StructureShape, shapeOf, type Traits } from './shape.ts';

/** An operation as its service's schemas describe it. */
export interface Operation {
  readonly name: string;
  readonly traits: Traits;
  readonly input: Shape;
  readonly output: Shape;
}

/** What `import('@aws-sdk/client-*')` gives: among others a schema `<Name>$` of each operation, shape and error. */
export type ServiceModule = Readonly<Record<string, unknown>>;

/** Undefined when the service has no such operation. */
export function findOperation(module: ServiceModule, name: string): Operation | undefined {
  const tuple = module[`${name}$`];
  if (!Array.isArray(tuple) || tuple[0] !== 9) return undefined;
  const traits: Traits = typeof tuple[3] === 'object' && tuple[3] !== null ? tuple[3] : {};
  return { name, traits, input: shapeOf(tuple[4]), output: shapeOf(tuple[5]) };
}

/** All operations of a service, for protocols that find theirs by method and path. */
export function listOperations(module: ServiceModule): Operation[] {
  return Object.keys(module)
    .filter((key) => key.endsWith('$'))
    .map((key) => findOperation(module, key.slice(0, -1)))
    .filter((operation) => operation !== undefined);
}

/** The modeled error with this name or wire code; undefined for codes that the service does not model. */
export function findError(module: ServiceModule, code: string): StructureShape | undefined {
  return asError(module[`${code}$`]) ?? errorsByCode(module).get(code);
}

const CODES = new WeakMap<ServiceModule, ReadonlyMap<string, StructureShape>>();

function errorsByCode(module: ServiceModule): ReadonlyMap<string, StructureShape> {
  const known = CODES.get(module);
  if (known !== undefined) return known;
  const errors = new Map<string, StructureShape>();
  for (const value of Object.values(module)) {
    const error = asError(value);
    const code = error?.traits.awsQueryError?.[0];
    if (error !== undefined && code !== undefined) errors.set(code, error);
  }
  CODES.set(module, errors);
  return errors;
}

function asError(schema: unknown): StructureShape | undefined {
  if (!Array.isArray(schema) || schema[0] !== -3) return undefined;
  const shape = shapeOf(schema);
  return shape.type === 'structure' ? shape : undefined;
}
