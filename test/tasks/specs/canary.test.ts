import { expect } from "chai";
import { canaryReport, renderCanaryReport } from "../../../tasks/specs/canary";
import { TaskError } from "../../../tasks/cli/output";

const PASSED = { passed: true, steps: [{ name: "upload a spec", seconds: 0.25, ok: true }] };
const FAILED = {
  passed: false,
  steps: [
    ...PASSED.steps,
    { name: "wait for its package", seconds: 12, ok: false, detail: "none came {yet}" },
  ],
};

/** A function that failed, as the command line sees it. */
const failing = (errorMessage: string) => () =>
  Promise.reject(new TaskError("the function failed", { cause: { errorMessage } }));

describe("the canary's report", () => {
  it("is what the function answers", async () => {
    expect(await canaryReport(() => Promise.resolve(PASSED))).to.deep.equal(PASSED);
  });

  it("is read from the error of a canary that failed, with every step", async () => {
    const message = `The canary failed: ${JSON.stringify(FAILED)}`;
    expect(await canaryReport(failing(message))).to.deep.equal(FAILED);
  });

  it("is missing when the canary crashed: then the error is thrown", async () => {
    const error = await canaryReport(failing("Task timed out after 600.00 seconds")).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(TaskError);
  });

  it("is shown with one line for each step", () => {
    expect(renderCanaryReport(FAILED).split("\n")).to.deep.equal([
      "passed    0.3 s  upload a spec",
      "FAILED   12.0 s  wait for its package  none came {yet}",
      "the canary failed",
    ]);
    expect(renderCanaryReport(PASSED)).to.match(/the canary passed$/);
  });
});
