import { type DiffResult } from "@pulumi/pulumi/provider";
import { AUTONAMED } from "./naming";
import { type AnyResourceType } from "./resource-type";
import { type Bag, hasUnknown, sameValue } from "./values";

/**
 * What changing a resource's inputs means. Values that only a real run will know count as changed. A replacement comes before the
 * deletion where both can exist at once, which they can't under a name that the program chose.
 */
export function diffInputs(type: AnyResourceType, olds: Bag, news: Bag): DiffResult {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((key) => key !== AUTONAMED);
  const changed = keys.filter((key) => hasUnknown(news[key]) || !sameValue(olds[key], news[key]));
  const replaces =
    type.update === undefined || type.replaceOn === "*"
      ? changed
      : changed.filter((key) => key === "region" || type.replaceOn.includes(key));
  const naming = type.naming;
  const nameIsFree = naming !== undefined && (news[AUTONAMED] === true || replaces.includes(naming.property));
  return {
    changes: changed.length > 0,
    replaces,
    deleteBeforeReplace: replaces.length > 0 && naming !== undefined && !nameIsFree,
  };
}
