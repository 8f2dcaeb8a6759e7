import { expect } from "chai";
import fc from "fast-check";
import type { CatalogPackage } from "../../../runtime/catalog/catalog";
import { describeChanges, planChanges } from "../../../runtime/catalog/changes";

function row(name: string, more: Partial<CatalogPackage> = {}): CatalogPackage {
  const prune = { tests: true, runtime: true };
  return { python: "3.12", name, extras: [], specifier: "", prune, license: "", authors: "", ...more };
}

describe("planChanges", () => {
  it("separates added, changed and removed packages", () => {
    const before = [row("a"), row("b"), row("c"), row("d", { prune: { tests: true, runtime: true } })];
    const after = [
      row("b", { specifier: "<2" }),
      row("c", { license: "MIT" }),
      row("d", { prune: { tests: false, runtime: true } }),
      row("a", { python: "3.13" }),
      row("a", { extras: ["x"] }),
    ];
    expect(planChanges(before, after)).to.deep.equal({
      added: ["3.13/a", "3.12/a[x]"],
      changed: ["3.12/b", "3.12/d"],
      removed: ["3.12/a"],
    });
  });

  it("finds no changes between equal catalogs, and swaps added and removed in the other direction", () => {
    const rows = fc
      .uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"))
      .map((names) => names.map((name) => row(name)));
    fc.assert(
      fc.property(rows, rows, (before, after) => {
        expect(planChanges(before, before)).to.deep.equal({ added: [], changed: [], removed: [] });
        const [there, back] = [planChanges(before, after), planChanges(after, before)];
        expect([...there.added].sort()).to.deep.equal([...back.removed].sort());
      }),
    );
  });
});

describe("describeChanges", () => {
  it("cuts the lists to what an event can hold and keeps the counts", () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `3.12/a-package-of-some-length-${index}`);
    const event = describeChanges(7, { added: names, changed: ["3.12/x"], removed: names });
    expect(event.counts).to.deep.equal({ added: 20_000, changed: 1, removed: 20_000 });
    expect(Buffer.byteLength(JSON.stringify(event))).to.be.below(256 * 1024);
    expect(event.added.length).to.be.above(1000);
  });

  it("does not cut short lists", () => {
    const changes = { added: ["3.12/a"], changed: [], removed: ["3.12/b"] };
    const counts = { added: 1, changed: 0, removed: 1 };
    expect(describeChanges(2, changes)).to.deep.equal({ version: 2, counts, ...changes });
  });
});
