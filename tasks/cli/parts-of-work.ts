import { TaskError } from "./task-error";

/** What became of parts of some work that went on at the same time, each by its name. */
export interface EndedParts<Results> {
  /** Of the parts that were done. */
  readonly results: Partial<Results>;
  /** Of the others, why they failed. */
  readonly failures: Readonly<Record<string, Error>>;
}

/** Waits until all parts have ended, so that one that fails doesn't hide what became of the others. */
export async function endOf<Results extends object>(parts: {
  readonly [Name in keyof Results]: Promise<Results[Name]>;
}): Promise<EndedParts<Results>> {
  const names = Object.keys(parts);
  const ended = await Promise.allSettled(Object.values(parts));
  const results: Record<string, unknown> = {};
  const failures: Record<string, Error> = {};
  for (const [index, name] of names.entries()) {
    const end = ended[index];
    if (end?.status === "fulfilled") results[name] = end.value;
    else failures[name] = end?.reason instanceof Error ? end.reason : new Error(String(end?.reason));
  }
  return { results: results as Partial<Results>, failures };
}

/** Throws when any part failed: its own error where it is the only one, else one that tells of all. */
export function throwFailures(failures: EndedParts<object>["failures"]): void {
  const [first, ...others] = Object.values(failures);
  if (first === undefined) return;
  if (others.length === 0) throw first;
  const lines = Object.entries(failures).map(([name, { message }]) => `  ${name}: ${message}`);
  throw new TaskError([`${lines.length} parts failed:`, ...lines].join("\n"), {
    cause: new AggregateError([first, ...others]),
  });
}
