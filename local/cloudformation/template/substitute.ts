const VARIABLE = /\$\{([^}]*)\}/g;

/** Replaces `${name}` by its value, and `${!name}` by the literal `${name}`, as Fn::Sub does. */
export function substitute(text: string, lookUp: (name: string) => string): string {
  return text.replaceAll(VARIABLE, (_, name: string) =>
    name.startsWith('!') ? `\${${name.slice(1)}}` : lookUp(name.trim()),
  );
}

/** The names between `${` and `}`, without literals. */
export function variablesOf(text: string): string[] {
  return [...text.matchAll(VARIABLE)].map((match) => (match[1] ?? '').trim()).filter((name) => !name.startsWith('!'));
}
