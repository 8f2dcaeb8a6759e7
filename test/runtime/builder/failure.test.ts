import { expect } from "chai";
import { describeFailure, lastLines } from "../../../runtime/builder/failure";

describe("last lines", () => {
  it("are at most 20 of at most 500 characters, without colours and passwords", () => {
    const lines = lastLines(
      `${"line\n".repeat(30)}\u001b[31mred\u001b[0m https://me:secret@host/x\n\n${"y".repeat(900)}\n`,
    );
    expect(lines).to.have.length(20);
    expect(lines.at(-2)).to.equal("red https://***@host/x");
    expect(lines.at(-1)).to.have.length(500);
  });

  it("of an unknown error are its stack, and the kind is internal", () => {
    expect(describeFailure(new Error("odd")))
      .to.deep.include({ kind: "internal" })
      .and.have.nested.property("lastLines[0]", "Error: odd");
  });
});
