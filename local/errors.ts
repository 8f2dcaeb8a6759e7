/** An error that the user can mend: the message says what is wrong and what to do. */
export class LocalError extends Error {
  override readonly name = "LocalError";
}

/** The first line of the message of anything that was thrown. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n", 1)[0] ?? "";
}
