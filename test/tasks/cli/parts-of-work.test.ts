import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { endOf, throwFailures } from "../../../tasks/cli/parts-of-work";

describe("parts of work that go on at the same time", () => {
  const later = async <T>(value: T): Promise<T> => {
    await sleep(1);
    return value;
  };

  it("are waited for, and their results kept, though one fails at once", async () => {
    const broken = new Error("no pip");
    const { results, failures } = await endOf({ first: Promise.reject(broken), second: later(2) });
    expect(results).to.deep.equal({ second: 2 });
    expect(failures).to.deep.equal({ first: broken });
  });

  it("fail with the error of the one that failed, or with all of them", () => {
    const [one, other] = [new Error("no pip"), new Error("no lake")];
    expect(() => throwFailures({})).not.to.throw();
    expect(() => throwFailures({ one })).to.throw(one);
    expect(() => throwFailures({ package: one, partitions: other }))
      .to.throw("2 parts failed:\n  package: no pip\n  partitions: no lake")
      .with.nested.property("cause.errors")
      .that.deep.equals([one, other]);
  });
});
