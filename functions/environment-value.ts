/** A value that the stack gives every function of its kind. Without it nothing works, so its absence ends the start. */
export function environmentValue(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`the environment of the function lacks ${name}`);
  return value;
}

/** A value that the stack gives only in some deployments. */
export function optionalEnvironmentValue(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}
