const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text has the form of the ids of plans and configurations. */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}
