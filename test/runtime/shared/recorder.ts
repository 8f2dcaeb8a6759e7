import type { BusEvent } from "../../../runtime/contracts/events";
import type { EmitEvents } from "../../../runtime/shared/bus";
import type { Log } from "../../../runtime/shared/log";

/** The time in all tests of functions over ports. */
export const NOW = new Date("2026-11-21T10:00:00.000Z");
export const now = (): Date => NOW;

/** A log that keeps its lines. */
export function recordingLog(): Log & {
  readonly lines: { level: string; message: string; fields: unknown }[];
} {
  const lines: { level: string; message: string; fields: unknown }[] = [];
  const at = (level: string) => (message: string, fields: unknown) => {
    lines.push({ level, message, fields });
  };
  return { lines, info: at("info"), warn: at("warn"), error: at("error") };
}

/** A bus that keeps its events. */
export function recordingBus(): { readonly events: BusEvent[]; readonly emit: EmitEvents } {
  const events: BusEvent[] = [];
  return {
    events,
    emit: (more) => {
      events.push(...more);
      return Promise.resolve();
    },
  };
}

/** The error that a function throws or a promise rejects with. */
export async function thrownBy(work: () => unknown): Promise<Error> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("It was expected to throw.");
}
