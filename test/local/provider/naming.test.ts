import { expect } from "chai";
import fc from "fast-check";
import { AUTONAMED, type Naming, withName } from "../../../local/provider/naming";

const naming: Naming = { property: "name", prefix: "namePrefix", limit: 20 };

describe("provider naming", () => {
  it("leaves a given name alone", () => {
    expect(withName(naming, "role", { name: "mine" }, {})).to.deep.equal({ name: "mine" });
  });

  it("keeps a name that it chose, and no other", () => {
    const chosen = withName(naming, "role", {}, {});
    expect(chosen["name"]).to.match(/^role-[0-9a-f]{7}$/);
    expect(withName(naming, "role", {}, chosen)).to.deep.equal(chosen);
    expect(withName(naming, "role", {}, { name: "given-earlier" })["name"]).not.to.equal("given-earlier");
  });

  it("begins with a given prefix, ends as the service wants, in small letters where it wants", () => {
    const fifo = withName({ ...naming, suffix: () => ".fifo" }, "Q", { namePrefix: "pre-" }, {});
    expect(fifo["name"]).to.match(/^pre-[0-9a-f]{7}\.fifo$/);
    expect(withName({ ...naming, lowerCase: true }, "Bucket", {}, {})["name"]).to.match(
      /^bucket-[0-9a-f]{7}$/,
    );
  });

  it("stays within the limit", () => {
    fc.assert(
      fc.property(fc.string(), (resource) => {
        const { name, [AUTONAMED]: mark } = withName(naming, resource, {}, {});
        expect(name)
          .to.match(/[0-9a-f]{7}$/)
          .and.to.have.property("length")
          .at.most(20);
        expect(mark).to.equal(true);
      }),
    );
  });
});
