import { expect } from "chai";
import { openBuilder } from "../../../../runtime/specs/handle/invoke-builder";
import { thrownBy } from "../../shared/recorder";

const REQUEST = { spec: "{}", packageName: "pets", version: "1.0" };

/** A client whose Lambda gives this answer, or throws this error. */
function builder(answer: { readonly payload?: unknown; readonly error?: string } | Error) {
  const sent: { readonly FunctionName?: string; readonly Payload?: string }[] = [];
  const send = ({ input }: { readonly input: (typeof sent)[number] }) => {
    sent.push(input);
    if (answer instanceof Error) return Promise.reject(answer);
    const text = JSON.stringify(answer.payload);
    const Payload = { transformToString: () => text };
    return Promise.resolve({ Payload, FunctionError: answer.error });
  };
  return { sent, build: openBuilder({ send } as never, "arn:live") };
}

describe("invoking the builder", () => {
  it("sends the request and returns the answer", async () => {
    const files = [{ name: "pets-1.0.tar.gz", sha256: "s", size: 1, content: "AA==" }];
    const payload = { outcome: "built", files, peakMegabytes: 50 };
    const { sent, build } = builder({ payload });
    expect(await build(REQUEST)).to.deep.equal(payload);
    expect(sent[0]?.FunctionName).to.equal("arn:live");
    expect(JSON.parse(sent[0]?.Payload ?? "")).to.deep.equal(REQUEST);
  });

  it("returns a refusal as a value", async () => {
    const payload = { outcome: "refused", reason: "no key" };
    expect(await builder({ payload }).build(REQUEST)).to.deep.equal(payload);
  });

  for (const [name, answer, family, hint] of [
    [
      "is throttled",
      Object.assign(new Error("slow"), { name: "TooManyRequestsException" }),
      "UpstreamError",
      "slow",
    ],
    [
      "is gone",
      Object.assign(new Error("gone"), { name: "ResourceNotFoundException" }),
      "BugError",
      "Deploy",
    ],
    [
      "may not be called",
      Object.assign(new Error("no"), { name: "AccessDeniedException" }),
      "BugError",
      "no",
    ],
    [
      "found its upstream busy",
      { error: "Unhandled", payload: { errorType: "UpstreamError", errorMessage: "busy" } },
      "UpstreamError",
      "busy",
    ],
    [
      "broke",
      { error: "Unhandled", payload: { errorType: "BugError", errorMessage: "oops" } },
      "BugError",
      "oops",
    ],
    ["ran out of time", { error: "Unhandled", payload: null }, "BugError", "failed"],
    ["answers something else", { payload: { outcome: "maybe" } }, "BugError", "contract"],
  ] as const) {
    it(`throws ${family} when it ${name}`, async () => {
      const error = await thrownBy(() => builder(answer).build(REQUEST));
      expect(error.name).to.equal(family);
      expect(error.message).to.include(hint);
    });
  }
});
