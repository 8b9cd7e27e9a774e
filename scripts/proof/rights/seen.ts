/** Where a denied action was named. @throws Error when it was not */
export function seen(where: string, refusal: string | undefined): string {
  if (refusal === undefined) throw new Error(`the ${where} does not name the denied action`);
  return `${where}: ${refusal}`;
}
