import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import {
  type Showcase,
  type ShowcaseContext,
  findShowcases,
  runShowcases,
  throwFailures,
} from "../../../tasks/platform/showcases";

describe("what start shows", () => {
  const later = async <T>(value: T): Promise<T> => {
    await sleep(1);
    return value;
  };
  const context = {} as ShowcaseContext;
  const group = (parts: () => Record<string, Promise<unknown>>): Showcase<Record<string, unknown>> => ({
    show: parts,
    present: (_connection, results) => ({ json: results }),
  });

  it("is waited for, and results are kept, though one part fails at once", async () => {
    const broken = new Error("no pip");
    const shown = await runShowcases(
      [
        group(() => ({ first: Promise.reject(broken), second: later(2) })),
        group(() => ({ third: later(3) })),
      ],
      context,
    );
    expect(shown.presentations).to.deep.equal([{ json: { second: 2 } }, { json: { third: 3 } }]);
    expect(shown.failures).to.deep.equal({ first: broken });
  });

  it("goes on at the same time in all groups", async () => {
    let begin: (value: number) => void = () => undefined;
    const begun = new Promise<number>((resolve) => (begin = resolve));
    const { presentations } = await runShowcases(
      [
        group(() => ({ one: begun })),
        group(() => {
          begin(1);
          return { other: later(2) };
        }),
      ],
      context,
    );
    expect(presentations).to.deep.equal([{ json: { one: 1 } }, { json: { other: 2 } }]);
  });

  it("is found in the groups of tasks", () => {
    const showcases = findShowcases();
    expect(showcases).to.have.lengthOf.greaterThan(2);
    for (const { show, present } of showcases)
      for (const part of [show, present]) expect(part).to.be.a("function");
  });

  it("fails with the error of the part that failed, or with all of them", () => {
    const [one, other] = [new Error("no pip"), new Error("no lake")];
    expect(() => throwFailures({})).not.to.throw();
    expect(() => throwFailures({ one })).to.throw(one);
    expect(() => throwFailures({ package: one, partitions: other }))
      .to.throw("2 parts failed:\n  package: no pip\n  partitions: no lake")
      .with.nested.property("cause.errors")
      .that.deep.equals([one, other]);
  });
});
