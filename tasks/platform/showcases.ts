/**
 * What `start` shows once the platform is deployed. Each group of tasks may export a `showcase` from its `showcase.ts`: `start`
 * finds them as it finds the groups' commands, and knows no service.
 */
import type { Progress } from "../../local/tools/tools";
import { exportsOfGroups } from "../cli/groups";
import { TaskError } from "../cli/output";
import type { Connection } from "./connection";
import type { Deployed } from "./deploy";
import type { LocalPlatform } from "./stack";

/** What a showcase works with. */
export interface ShowcaseContext {
  readonly platform: LocalPlatform;
  readonly connection: Connection;
  readonly deployed: Deployed;
  readonly progress: Progress;
}

/** What `start` prints of one group at its end. */
export interface Presentation {
  /** Added to what `--json` prints; names must differ between groups. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Come first. */
  readonly tables?: readonly string[];
  /** Come after all tables. */
  readonly lines?: readonly string[];
  /** Commands to try next. */
  readonly next?: readonly string[];
  /** True when something is to be looked at, though every part ended well: `start` then exits with 2. */
  readonly needsAttention?: boolean;
}

/** A group's part in `start`. `Results` names its parts, which go on at the same time as those of the other groups. */
export interface Showcase<Results extends object> {
  /** Begins every part. */
  readonly show: (context: ShowcaseContext) => { readonly [Name in keyof Results]: Promise<Results[Name]> };
  /** Tells what became of the parts; those that failed are missing. */
  readonly present: (
    connection: Connection,
    results: Partial<Results>,
  ) => Promise<Presentation> | Presentation;
  /** Removes what the parts created outside the stack. Runs before `destroy`. */
  readonly remove?: (connection: Connection) => Promise<void>;
}

/** The showcases of all groups that have one. */
export function findShowcases(): readonly Showcase<Record<string, unknown>>[] {
  return exportsOfGroups("showcase", "showcase");
}

/** What all showcases came to. */
export interface Shown {
  readonly presentations: readonly Presentation[];
  /** Why parts failed, by their names. */
  readonly failures: Readonly<Record<string, Error>>;
}

/** Runs all showcases at the same time, each to its end, also when another one fails. */
export async function runShowcases(
  showcases: readonly Showcase<Record<string, unknown>>[],
  context: ShowcaseContext,
): Promise<Shown> {
  const shown = await Promise.all(
    showcases
      .map((showcase) => ({ showcase, parts: showcase.show(context) }))
      .map(async ({ showcase, parts }) => ({ showcase, ended: await endOf(parts) })),
  );
  const presentations: Presentation[] = [];
  for (const { showcase, ended } of shown)
    presentations.push(await showcase.present(context.connection, ended.results));
  return { presentations, failures: merged(shown.map(({ ended }) => ended.failures)) };
}

/** One object with the entries of all. */
export function merged<Value>(objects: readonly Readonly<Record<string, Value>>[]): Record<string, Value> {
  return Object.fromEntries(objects.flatMap((object) => Object.entries(object)));
}

/** What became of parts of some work that went on at the same time, each by its name. */
interface EndedParts<Results> {
  /** Of the parts that were done. */
  readonly results: Partial<Results>;
  /** Of the others, why they failed. */
  readonly failures: Readonly<Record<string, Error>>;
}

/** Waits until all parts have ended, so that one that fails doesn't hide what became of the others. */
async function endOf<Results extends object>(parts: {
  readonly [Name in keyof Results]: Promise<Results[Name]>;
}): Promise<EndedParts<Results>> {
  const names = Object.keys(parts);
  const ended = await Promise.allSettled(Object.values(parts));
  const results: Record<string, unknown> = {};
  const failures: Record<string, Error> = {};
  for (const [at, name] of names.entries()) {
    const end = ended[at];
    if (end?.status === "fulfilled") results[name] = end.value;
    else failures[name] = end?.reason instanceof Error ? end.reason : new Error(String(end?.reason));
  }
  return { results: results as Partial<Results>, failures };
}

/** Throws when any part failed: its own error where it is the only one, else one that tells of all. */
export function throwFailures(failures: Shown["failures"]): void {
  const [first, ...others] = Object.values(failures);
  if (first === undefined) return;
  if (others.length === 0) throw first;
  const lines = Object.entries(failures).map(([name, { message }]) => `  ${name}: ${message}`);
  throw new TaskError([`${lines.length} parts failed:`, ...lines].join("\n"), {
    cause: new AggregateError([first, ...others]),
  });
}
