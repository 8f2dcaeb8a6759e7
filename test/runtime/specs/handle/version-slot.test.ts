import { expect } from "chai";
import type { StoredObject } from "../../../../runtime/specs/spec-object-store";
import type { SpecRow } from "../../../../runtime/specs/entities";
import {
  planVersionSlot,
  versionSlotName,
  versionSlotOf,
} from "../../../../runtime/specs/handle/version-slot";
import { NOW } from "../../shared/recorder";

const PETS = { owner: "acme", specId: "pets", version: "1.0" };
const WHEEL = "pets-1.0-py3-none-any.whl";

describe("the plan for a version of a spec", () => {
  const object = (name: string): StoredObject => {
    return { key: `acme/pets/${name}`, etag: '"e"', size: 1, modifiedAt: NOW };
  };
  const built: SpecRow = {
    ...{ ...PETS, status: "built", specEtag: '"e"', builder: "r1", at: NOW.toISOString() },
    files: [{ name: WHEEL, sha256: "s", size: 1 }],
  };
  /** The kinds of steps, each with its version or keys. */
  const plan = (names: readonly string[], rows: readonly SpecRow[] = []) =>
    planVersionSlot(PETS, versionSlotOf(PETS, names.map(object), rows), "r1").map((step) =>
      step.kind === "tidy" ? `tidy ${step.keys.join()}` : `${step.kind} ${step.spec.version}`,
    );

  it("is empty when there is nothing, and when everything is right", () => {
    expect(plan([])).to.deep.equal([]);
    expect(plan(["1.0-spec.json", WHEEL], [built])).to.deep.equal([]);
  });

  it("ignores other versions", () => {
    const others = [
      "1.1-spec.json",
      "pets-1.1.tar.gz",
      "1.1-build-error.json",
      "1.0-spec.json.bak",
      "notes.txt",
    ];
    expect(plan(others)).to.deep.equal([]);
    expect(plan(["1.0-spec.json", WHEEL, ...others], [built])).to.deep.equal([]);
  });

  it("builds a spec whose packages are missing, of another spec, or of another size", () => {
    expect(plan(["1.0-spec.json"])).to.deep.equal(["build 1.0"]);
    for (const change of [
      { specEtag: '"f"' },
      { builder: "r0" },
      { files: [{ name: WHEEL, sha256: "s", size: 2 }] },
    ]) {
      expect(plan(["1.0-spec.json", WHEEL], [{ ...built, ...change }])).to.deep.equal(["build 1.0"]);
    }
  });

  it("clears what is left of a spec that is gone, also without a row", () => {
    expect(plan(["1.0-build-error.json"])).to.deep.equal(["clear 1.0"]);
    expect(plan([WHEEL])).to.deep.equal(["clear 1.0"]);
    expect(plan(["pets-1.0.0.tar.gz", "v1-build-error.json"])).to.deep.equal(["clear v1", "clear 1.0"]);
  });

  it("clears a row whose spec is gone, once", () => {
    expect(plan([], [built])).to.deep.equal(["clear 1.0"]);
    expect(plan([], [{ ...built, status: "removed", files: [] }])).to.deep.equal([]);
  });

  it("builds the shortest spelling of a version, or else the first by alphabet", () => {
    const specs = ["1.0.0-spec.json", "1.0-spec.json", "v1-spec.json"];
    expect(plan(specs)).to.deep.equal(["refuse 1.0", "refuse 1.0.0", "build v1"]);
    expect(plan([...specs].reverse())).to.deep.equal(plan(specs));
    expect(plan(["v1-spec.json", "01-spec.json"])).to.deep.equal(["refuse v1", "build 01"]);
  });

  it("has one lease name for all spellings", () => {
    expect(versionSlotName({ ...PETS, version: "v1.0.0" })).to.equal(versionSlotName(PETS));
    expect(versionSlotName({ ...PETS, version: "1.1" })).to.not.equal(versionSlotName(PETS));
    expect(versionSlotName({ ...PETS, specId: "Pets" })).to.not.equal(versionSlotName(PETS));
  });
});
