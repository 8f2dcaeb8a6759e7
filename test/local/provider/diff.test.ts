import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { expect } from "chai";
import { diffInputs } from "../../../local/provider/diff";
import { AUTONAMED } from "../../../local/provider/naming";
import { type AnyResourceType } from "../../../local/provider/resource-type";
import { without } from "../../../local/provider/values";

const done = (): Promise<void> => Promise.resolve();
const type: AnyResourceType = {
  replaceOn: ["name", "kind"],
  naming: { property: "name", limit: 64 },
  create: () => Promise.resolve("id"),
  describe: () => Promise.resolve({}),
  update: done,
  delete: done,
};
const olds = { name: "n", kind: "a", size: 1 };

describe("provider diff", () => {
  it("is nothing where nothing changed", () => {
    expect(diffInputs(type, olds, { ...olds })).to.deep.equal({
      changes: false,
      replaces: [],
      deleteBeforeReplace: false,
    });
  });

  it("updates in place where possible, also when an input was removed", () => {
    expect(diffInputs(type, olds, { ...olds, size: 2 }))
      .to.include({ changes: true })
      .and.to.deep.include({ replaces: [] });
    expect(diffInputs(type, olds, { name: "n", kind: "a" })).to.deep.include({ changes: true, replaces: [] });
  });

  it("replaces what can't be changed, first deleting where the name is the program's", () => {
    expect(diffInputs(type, olds, { ...olds, kind: "b" })).to.deep.equal({
      changes: true,
      replaces: ["kind"],
      deleteBeforeReplace: true,
    });
    const named = { ...olds, [AUTONAMED]: true };
    expect(diffInputs(type, named, { ...named, kind: "b" }).deleteBeforeReplace).to.equal(false);
    expect(diffInputs(type, olds, { ...olds, name: "m" }).deleteBeforeReplace).to.equal(false);
  });

  it("replaces on another region, and for any change of a type without update", () => {
    expect(diffInputs(type, olds, { ...olds, region: "eu-west-1" }).replaces).to.deep.equal(["region"]);
    const fixed = without(type, "update");
    expect(diffInputs(fixed, olds, { ...olds, size: 2 }).replaces).to.deep.equal(["size"]);
    expect(diffInputs({ ...type, replaceOn: "*" }, olds, { ...olds, size: 2 }).replaces).to.deep.equal([
      "size",
    ]);
  });

  it("takes an unknown for a change", () => {
    expect(diffInputs(type, { size: unknownValue }, { size: unknownValue }).changes).to.equal(true);
  });
});
