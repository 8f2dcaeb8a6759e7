import { expect } from "chai";
import { recordPath } from "../../../../runtime/builder/build/wheel-record";

describe("RECORD", () => {
  it("gives the path of a line, with and without quotes", () => {
    expect(recordPath("a/b.py,sha256=x,12")).to.equal("a/b.py");
    expect(recordPath('"a,""b"".py",sha256=x,12')).to.equal('a,"b".py');
    expect(recordPath("a/RECORD,,")).to.equal("a/RECORD");
  });
});
