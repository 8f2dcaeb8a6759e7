import { randomBytes } from "node:crypto";
import { type Bag } from "./values";

/** How a type gets its physical name when the program gives none. */
export interface Naming {
  /** The property that holds the physical name. */
  readonly property: string;
  /** Longest name that the service allows. */
  readonly limit: number;
  /** The property that a program gives instead of a name: how the name begins. */
  readonly prefix?: string;
  /** What a name must end in, such as `.fifo`. */
  readonly suffix?: (inputs: Bag) => string;
  /** True where the service allows no capital letters. */
  readonly lowerCase?: boolean;
}

/** Marks inputs whose physical name the provider chose. */
export const AUTONAMED = "__autonamed";

/**
 * Inputs with a physical name: the given one, the one chosen earlier, or a new one made of the resource's name and seven hex digits, as
 * Pulumi's own providers do.
 */
export function withName(naming: Naming, resource: string, inputs: Bag, earlier: Bag): Bag {
  if (inputs[naming.property] !== undefined) return inputs;
  const known = earlier[AUTONAMED] === true ? earlier[naming.property] : undefined;
  return { ...inputs, [naming.property]: known ?? newName(naming, resource, inputs), [AUTONAMED]: true };
}

function newName(naming: Naming, resource: string, inputs: Bag): string {
  const suffix = naming.suffix?.(inputs) ?? "";
  const prefix = naming.prefix === undefined ? undefined : inputs[naming.prefix];
  const start = typeof prefix === "string" ? prefix : `${resource}-`;
  const random = randomBytes(4).toString("hex").slice(0, 7);
  const name = start.slice(0, naming.limit - random.length - suffix.length) + random + suffix;
  return naming.lowerCase === true ? name.toLowerCase() : name;
}
