/** What the provider must know about a type of resource. What is the same for all types is in provider.ts. */
import { type Unwrap } from "@pulumi/pulumi";
import { type Context } from "./clients";
import { type Naming } from "./naming";
import { type Bag } from "./values";

/** A resource's inputs with every value known, spelled as in the arguments of the `@pulumi/aws` class. */
export type Inputs<Args> = { readonly [Name in keyof Unwrap<Args>]: Unwrap<Args>[Name] };

/** The API calls of a type. `create` and `update` need not answer outputs: `describe` runs after both. */
export interface ResourceType<Properties> {
  /** Inputs that can't be changed in place. `*`: none can. */
  readonly replaceOn: readonly string[] | "*";
  readonly naming?: Naming;
  /** Inputs that are supported. Any other is refused: to ignore it would hide a difference from AWS. @default all */
  readonly takes?: readonly string[];
  /** Creates it, waits until it can be used, and gives its id. */
  readonly create: (inputs: Properties, context: Context) => Promise<string>;
  /**
   * Asks the service for it and answers the outputs beyond the inputs. Undefined, or a "not found" of the service, means that it no
   * longer exists. So it must ask the service: otherwise a refresh would not see that it was deleted.
   */
  readonly describe: (id: string, inputs: Properties, context: Context) => Promise<Bag | undefined>;
  readonly update?: (id: string, inputs: Properties, earlier: Properties, context: Context) => Promise<void>;
  /** A "not found" of the service counts as done. */
  readonly delete: (id: string, inputs: Properties, context: Context) => Promise<void>;
}

/** A type as the provider keeps it, with untyped properties. */
export type AnyResourceType = ResourceType<Bag>;

/** Types by token, such as `aws:s3/bucket:Bucket`. */
export type ResourceTypes = Readonly<Record<string, AnyResourceType>>;

/** Declares a type by the arguments of its `@pulumi/aws` class. */
export function resource<Args>(type: ResourceType<Inputs<Args>>): AnyResourceType {
  return type as unknown as AnyResourceType;
}

/** A type whose create and update are the same call: a setting of something else. */
export function setting<Args>(type: {
  readonly replaceOn: readonly string[];
  readonly naming?: Naming;
  readonly id: (inputs: Inputs<Args>) => string;
  readonly put: (inputs: Inputs<Args>, context: Context) => Promise<unknown>;
  readonly describe: (id: string, inputs: Inputs<Args>, context: Context) => Promise<Bag | undefined>;
  readonly delete: (inputs: Inputs<Args>, context: Context) => Promise<unknown>;
}): AnyResourceType {
  const { id, put, delete: remove, ...rest } = type;
  return resource<Args>({
    ...rest,
    create: async (inputs, context) => {
      await put(inputs, context);
      return id(inputs);
    },
    update: async (_id, inputs, _earlier, context) => {
      await put(inputs, context);
    },
    delete: async (_id, inputs, context) => {
      await remove(inputs, context);
    },
  });
}

/** What `describe` answers for a setting without outputs: no outputs while it exists, undefined when it doesn't. */
export function present(isThere: boolean): Bag | undefined {
  return isThere ? {} : undefined;
}

/**
 * A property that `check` or the service's own rules guarantee.
 * @throws Error naming it when it is missing all the same.
 */
export function required<T>(value: T | undefined, property: string): T {
  if (value === undefined) throw new Error(`Missing required property '${property}'.`);
  return value;
}

/** Another resource, given by its name or ARN or as the resource itself, for which the engine sends its id. */
export function reference(given: unknown): string {
  return String(given);
}

/** Tags as the list of Key and Value that many services take. */
export function tagList(
  tags: Readonly<Record<string, string>> | undefined,
): { Key: string; Value: string }[] {
  return Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
}

interface Tagged {
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** Makes the tags of a resource what its inputs say, with the two calls of its service. */
export async function changeTags(
  inputs: Tagged,
  earlier: Tagged,
  calls: {
    readonly untag: (keys: string[]) => Promise<unknown>;
    readonly tag: (tags: Readonly<Record<string, string>>) => Promise<unknown>;
  },
): Promise<void> {
  const { tags = {} } = inputs;
  const removed = Object.keys(earlier.tags ?? {}).filter((key) => tags[key] === undefined);
  if (removed.length > 0) await calls.untag(removed);
  if (Object.keys(tags).length > 0) await calls.tag(tags);
}

/** Asks until `done`. @throws Error after two minutes. */
export async function until(what: string, done: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error(`${what} took longer than two minutes.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
