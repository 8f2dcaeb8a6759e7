/** Something the person at the keyboard can put right: the message says what is wrong and what to do. */
export class LocalError extends Error {
  override readonly name = "LocalError";
}

/** The message of anything that was thrown, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n", 1)[0] ?? "";
}
