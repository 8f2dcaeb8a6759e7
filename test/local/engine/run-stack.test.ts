import { expect } from "chai";
import { engineLines } from "../../../local/engine/run-stack";

describe("engine errors", () => {
  it("show what the engine wrote, once, without the frame around it", () => {
    const failed = "Command failed with exit code 3: /bin/pulumi stack select --stack dev --non-interactive";
    const said = "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions";
    const framed = `code: -2\n stdout: \n stderr: ${failed}\n${said}\n err?: Error: ${failed}\n${said}\n`;
    expect(engineLines(new Error(framed))).to.equal(said);
  });

  it("show the last lines only", () => {
    const lines = Array.from({ length: 50 }, (_, at) => `line ${String(at)}`);
    const shown = engineLines(new Error(`code: 1\n stdout: \n stderr: ${lines.join("\n")}\n`)).split("\n");
    expect(shown).to.have.length(8);
    expect(shown.at(-1)).to.equal("line 49");
  });

  it("show any other error as it is", () => {
    expect(engineLines(new Error("spawn pulumi ENOENT"))).to.equal("spawn pulumi ENOENT");
    expect(engineLines("odd")).to.equal("odd");
  });
});
