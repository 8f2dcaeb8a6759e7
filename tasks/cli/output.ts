/** A task that cannot go on; the message tells the user what to do, and no stack is shown. */
export class TaskError extends Error {
  override readonly name = "TaskError";
}

/** Errors whose message is meant for the user. Known by name, since their modules are loaded only when they are needed. */
const FOR_THE_USER = /^(TaskError|LocalError|SettingsError|CatalogError|UserError)$/;

/** What the user is told of an error: one clear message where it is theirs to mend, with the stack where it is ours. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return FOR_THE_USER.test(error.name) ? `strata: ${error.message}` : (error.stack ?? error.message);
}

/** Progress of long work on the terminal: a line a step, with the seconds since the start. Goes to stderr, so that stdout is the result. */
export class Steps {
  private readonly started = Date.now();

  /** Says what is going on. An arrow function, so that it can be handed over as a callback. */
  readonly say = (message: string): void => {
    const seconds = ((Date.now() - this.started) / 1000).toFixed(1).padStart(6);
    console.error(`${seconds}s  ${message}`);
  };
}
