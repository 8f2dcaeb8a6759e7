import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { mergeGrants, policyOf, trustOf } from "../../../infra/parts/grant";
import { valueOf } from "../recorded-component";

describe("grants", () => {
  it("are the statements of a policy, and nothing else is", async () => {
    const policy = policyOf([
      { actions: ["s3:GetObject"], resources: [pulumi.output("arn:aws:s3:::a/*"), "arn:aws:s3:::b/*"] },
      {
        actions: ["s3:ListBucket"],
        resources: ["arn:aws:s3:::a"],
        condition: { StringLike: { "s3:prefix": ["runs/*"] } },
      },
    ]);
    expect(JSON.parse(await valueOf(policy))).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["s3:GetObject"],
          Resource: ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"],
        },
        {
          Effect: "Allow",
          Action: ["s3:ListBucket"],
          Resource: ["arn:aws:s3:::a"],
          Condition: { StringLike: { "s3:prefix": ["runs/*"] } },
        },
      ],
    });
  });

  it("become one with the resources of all", () => {
    const invoke = (...resources: string[]) => ({ actions: ["lambda:InvokeFunction"], resources });
    expect(mergeGrants([invoke("a"), invoke("b"), invoke("c", "d")])).to.deep.equal([
      invoke("a", "b", "c", "d"),
    ]);
    expect(mergeGrants([])).to.deep.equal([]);
  });

  it("are trusted to one service", () => {
    expect(JSON.parse(trustOf("lambda.amazonaws.com"))).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
      ],
    });
  });
});
