import { expect } from "chai";
import { pathsOf } from "../../../infra/parts/json-path";
import { call, choice, distributedMap } from "../../../infra/parts/state-machine-steps";

interface Payload {
  readonly item: string;
  readonly attempt: number;
}

interface State {
  readonly bucket: string;
  readonly key: string;
  readonly kind: "build" | "publish";
  readonly tables: number;
  readonly work: Payload;
}

const at = pathsOf<State>();
const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:plan";

describe("the steps of a state machine", () => {
  describe("a call", () => {
    it("gives the function its payload field by field, and goes on with the answer", () => {
      const state = call<Payload>(FUNCTION, { payload: { item: at.work.item, attempt: 1 }, next: "Compare" });
      const { Retry, ...others } = state;
      expect(Retry).to.be.an("array");
      expect(others).to.deep.equal({
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Parameters: { FunctionName: FUNCTION, Payload: { "item.$": "$.work.item", attempt: 1 } },
        OutputPath: "$.Payload",
        Next: "Compare",
      });
    });

    it("gives the function what lies at a path, and puts the answer beside what is there", () => {
      expect(call<Payload>(FUNCTION, { payload: at.work, into: "planned" })).to.deep.include({
        Parameters: { FunctionName: FUNCTION, "Payload.$": "$.work" },
        ResultSelector: { "value.$": "$.Payload" },
        ResultPath: "$.planned",
        End: true,
      });
    });

    it("retries what may pass, a bounded number of times", () => {
      const { Retry } = call<Payload>(FUNCTION, { payload: at.work });
      expect(Retry).to.deep.equal([
        {
          ErrorEquals: ["Lambda.TooManyRequestsException"],
          IntervalSeconds: 5,
          MaxAttempts: 20,
          BackoffRate: 2,
          MaxDelaySeconds: 60,
          JitterStrategy: "FULL",
        },
        {
          ErrorEquals: [
            "Lambda.ServiceException",
            "Lambda.AWSLambdaException",
            "Lambda.SdkClientException",
            "UpstreamError",
          ],
          IntervalSeconds: 2,
          MaxAttempts: 4,
          BackoffRate: 2,
          JitterStrategy: "FULL",
        },
      ]);
    });

    it("hands what is left to a state where it is told to, and else fails", () => {
      expect(call<Payload>(FUNCTION, { payload: at.work, onError: "Note" })["Catch"]).to.deep.equal([
        { ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Note" },
      ]);
      expect(call<Payload>(FUNCTION, { payload: at.work })).not.to.have.property("Catch");
    });
  });

  describe("a distributed Map", () => {
    const args = {
      bucket: at.bucket,
      key: at.key,
      concurrency: 10,
      startAt: "Build",
      states: { Build: { Type: "Pass", End: true } },
      next: "Publish",
    };

    it("runs over an array in S3, lets no failed item stop the others, and goes on with its input", () => {
      expect(distributedMap(args)).to.deep.equal({
        Type: "Map",
        ItemReader: {
          Resource: "arn:aws:states:::s3:getObject",
          ReaderConfig: { InputType: "JSON" },
          Parameters: { "Bucket.$": "$.bucket", "Key.$": "$.key" },
        },
        MaxConcurrency: 10,
        ToleratedFailurePercentage: 100,
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          StartAt: "Build",
          States: args.states,
        },
        ResultPath: null,
        Next: "Publish",
      });
    });

    it("hands its own failure to a state where it is told to", () => {
      expect(distributedMap({ ...args, onError: "Note" })["Catch"]).to.deep.equal([
        { ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Note" },
      ]);
    });
  });

  it("choose by text or number", () => {
    expect(choice(at.kind, [{ is: "build", next: "Build" }], "Publish")).to.deep.equal({
      Type: "Choice",
      Choices: [{ Variable: "$.kind", StringEquals: "build", Next: "Build" }],
      Default: "Publish",
    });
    expect(choice(at.tables, [{ is: 0, next: "End" }], "Sync")).to.deep.equal({
      Type: "Choice",
      Choices: [{ Variable: "$.tables", NumericEquals: 0, Next: "End" }],
      Default: "Sync",
    });
  });
});
