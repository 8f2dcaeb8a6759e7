/**
 * JSON paths into what a state machine or an event carries, typed by it. A field that one side renames no longer compiles on
 * the other: `pathsOf<BuildState>().recorded.value.publish` is the path `$.recorded.value.publish`, and knows what lies there.
 */

const TEXT = Symbol("the path's text");

/** A JSON path to a `T`. */
export interface Path<T> {
  readonly [TEXT]: string;
  /** Only for the compiler: what lies there. */
  readonly leadsTo?: T;
}

/** The path to a `T`, with the paths to all that is in it. */
export type Paths<T> = Path<T> &
  (T extends readonly unknown[]
    ? unknown
    : T extends object
      ? { readonly [Key in keyof T]-?: Paths<Exclude<T[Key], undefined>> }
      : unknown);

/**
 * The paths of a document.
 *
 * @param root the path of the document itself. @default "$"
 */
export function pathsOf<T>(root = "$"): Paths<T> {
  return new Proxy(
    {},
    {
      get: (_, key) => (key === TEXT ? root : pathsOf(`${root}.${String(key)}`)),
      has: (_, key) => key === TEXT,
    },
  ) as Paths<T>;
}

/** What Step Functions tells of an execution, below `$$`. */
export const context = pathsOf<{
  readonly Execution: { readonly Name: string; readonly Input: unknown };
}>("$$");

/** The path as text, `$.recorded.value.publish`. */
export function textOf(path: Path<unknown>): string {
  return path[TEXT];
}

/** Whether a value is a path. */
export function isPath(value: unknown): value is Path<unknown> {
  return typeof value === "object" && value !== null && TEXT in value;
}

/** Where each field of a `T` comes from: a path to it, or a value that is always the same. */
export type FieldsOf<T> = {
  readonly [Key in keyof T]: Path<Exclude<T[Key], undefined>> | T[Key];
};

/**
 * A `T` that is put together in a state machine, in the Amazon States Language: `{ "item.$": "$.work", "kind": "build" }`.
 */
export function fields<T extends object>(from: FieldsOf<T>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries<unknown>({ ...from }).map(([key, value]) =>
      isPath(value) ? [`${key}.$`, textOf(value)] : [key, value],
    ),
  );
}

/** A `T` that EventBridge puts together of an event, as an input transformer. */
export function inputTransformer<T extends object>(
  from: FieldsOf<T>,
): { readonly inputPaths: Record<string, string>; readonly inputTemplate: string } {
  const entries = Object.entries<unknown>({ ...from });
  const inputPaths = Object.fromEntries(
    entries.flatMap(([key, value]) => (isPath(value) ? [[key, textOf(value)] as const] : [])),
  );
  // EventBridge puts quotes around text by itself.
  const members = entries.map(
    ([key, value]) => `${JSON.stringify(key)}: ${isPath(value) ? `<${key}>` : JSON.stringify(value)}`,
  );
  return { inputPaths, inputTemplate: `{${members.join(", ")}}` };
}
