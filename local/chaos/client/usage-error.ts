/** A command line that cannot be read: what is wrong and what is allowed. */
export class UsageError extends Error {}
