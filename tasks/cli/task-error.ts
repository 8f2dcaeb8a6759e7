/** A task that cannot go on; the message tells the user what to do, and no stack is shown. */
export class TaskError extends Error {
  override readonly name = "TaskError";
}
