/** Progress of long work on the terminal: a line a step, with the seconds since the start. Goes to stderr, so that stdout is the result. */
export class Steps {
  private readonly started = Date.now();

  /** Says what is going on. An arrow function, so that it can be handed over as a callback. */
  readonly say = (message: string): void => {
    const seconds = ((Date.now() - this.started) / 1000).toFixed(1).padStart(6);
    console.error(`${seconds}s  ${message}`);
  };
}
