/** A mistake on the command line, or a place it names that cannot be used: exit code 2, with what to do. */
export class UsageError extends Error {}
