import { expect } from "chai";
import { BugError, ERROR_NAMES, UpstreamError, UserError } from "../../../runtime/shared/errors";
import { asOurError, upstream } from "../../../runtime/shared/upstream";
import { thrownBy } from "./recorder";

function sdkError(name: string, status?: number, more: object = {}): Error {
  return Object.assign(new Error("what AWS said"), { name, $metadata: { httpStatusCode: status }, ...more });
}

describe("asOurError", () => {
  for (const [error, family] of [
    [sdkError("TooManyRequestsException", 429), "UpstreamError"],
    [sdkError("ThrottlingException", 400), "UpstreamError"],
    [sdkError("Whatever", 503), "UpstreamError"],
    [sdkError("Error", undefined, { code: "ECONNREFUSED" }), "UpstreamError"],
    [sdkError("AccessDeniedException", 403), "UserError"],
    [sdkError("UnrecognizedClientException", 403), "UserError"],
    [sdkError("CodeStorageExceededException", 400), "UserError"],
  ] as const) {
    it(`makes ${error.name} a ${family} that has the cause and names the action`, () => {
      const ours = asOurError(error, "publishing numpy") as Error;
      expect(ours).to.include({ name: family, cause: error });
      expect(ours.message).to.include("publishing numpy").and.include("what AWS said");
    });
  }

  it("returns unknown errors and our own errors unchanged", () => {
    for (const error of [
      sdkError("ValidationException", 400),
      new UserError("x"),
      new UpstreamError("x"),
      new BugError("x"),
    ]) {
      expect(asOurError(error, "doing")).to.equal(error);
    }
  });
});

describe("upstream", () => {
  it("returns the answer, or throws an error of our families", async () => {
    expect(await upstream("asking", () => Promise.resolve(1))).to.equal(1);
    const error = await thrownBy(() => upstream("asking", () => Promise.reject(sdkError("SlowDown", 503))));
    expect(error.name).to.equal("UpstreamError");
  });
});

describe("ERROR_NAMES", () => {
  it("names the three families as a state machine sees them", () => {
    const errors = [new UserError(""), new UpstreamError(""), new BugError("")];
    expect(errors.map(({ name }) => name)).to.deep.equal([...ERROR_NAMES]);
  });
});
