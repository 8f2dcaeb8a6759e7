import { type DiffResult } from "@pulumi/pulumi/provider";
import { AUTONAMED } from "./naming";
import { type AnyResourceType } from "./resource-type";
import { type Bag, hasUnknown, sameValue } from "./values";

/**
 * What a change of inputs means for a resource. A value that is unknown during a preview counts as changed. The new resource is
 * created before the old one is deleted, unless the program chose its name, which two resources can't have at once.
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
