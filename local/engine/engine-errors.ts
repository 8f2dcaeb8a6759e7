/** What the engine said when a command of it failed, without the frame that the Automation API puts around it. */

/** How many of the engine's last lines are worth showing. */
const SHOWN = 8;

/** The last lines that the engine wrote before it failed, or the error's own message where there are none. */
export function engineLines(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // The frame is `code: …\n stdout: …\n stderr: …\n err?: …`, and the last part repeats the one before it.
  const [frame = ""] = message.split(/^ ?err\?:/m, 1);
  const lines = frame
    .split("\n")
    .map((line) => line.replace(/^ ?(code|stdout|stderr):\s*/, "").trimEnd())
    .filter((line) => line !== "" && !/^-?\d+$/.test(line) && !line.startsWith("Command failed with"));
  return lines.length === 0 ? message : lines.slice(-SHOWN).join("\n");
}
