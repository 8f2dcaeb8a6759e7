import { expect } from "chai";
import { failureOfStep } from "../../../../runtime/layers/run/step-error";

describe("failureOfStep", () => {
  it("keeps the last 20 lines of a function's trace, each cut", () => {
    const trace = Array.from({ length: 30 }, (_, index) => `${index} ${"x".repeat(600)}`);
    const { lastLines } = failureOfStep(
      { Error: "TypeError", Cause: JSON.stringify({ errorMessage: "m", trace }) },
      "x",
    );
    expect(lastLines).to.have.length(20);
    expect(lastLines[19])
      .to.match(/^29 x+$/)
      .and.have.length(500);
  });

  it("reads a cause that is not JSON", () => {
    const failure = failureOfStep({ Error: "States.Runtime", Cause: "one\ntwo" }, "building");
    expect(failure).to.deep.include({ kind: "internal", lastLines: ["one", "two"] });
    expect(failure.message).to.include("States.Runtime while building");
  });

  it("says that time ran out, whether Lambda or Step Functions stopped the work", () => {
    const cause = JSON.stringify({ errorMessage: "2026 Task timed out after 900.00 seconds" });
    expect(failureOfStep({ Error: "Sandbox.Timedout", Cause: cause }, "building").message).to.include(
      "Time ran out",
    );
    expect(failureOfStep({ Error: "States.Timeout", Cause: "" }, "building").message).to.include(
      "Time ran out",
    );
  });
});
