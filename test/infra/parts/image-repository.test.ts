import { expect } from "chai";
import { ImageRepository } from "../../../infra/parts/image-repository";
import { recordComponent, valueOf } from "../recorded-component";
import { named, placesOf } from "../recorded-queries";
import type { RecordedResource } from "../recorded-resources";

const REPOSITORY = "aws:ecr/repository:Repository";
const LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
const POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy";

describe("an image repository", () => {
  let repository: ImageRepository;
  const recordRepository = (retain: boolean): Promise<RecordedResource[]> =>
    recordComponent(() => {
      repository = new ImageRepository("builder", { retain });
    });

  it("is private, encrypted and scanned, and lets a tag move on", async () => {
    const resources = await recordRepository(false);
    expect(placesOf(resources)).to.deep.equal([
      `${LIFECYCLE} builder in builder`,
      `${REPOSITORY} builder in builder`,
      `${POLICY} builder in builder`,
      "strata:part:ImageRepository builder in the stack",
    ]);
    expect(named(resources, REPOSITORY, "builder").inputs).to.deep.equal({
      imageTagMutability: "MUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "AES256" }],
      forceDelete: true,
    });
    expect(await valueOf(repository.url)).to.equal("mock/builder");
  });

  it("drops untagged images after 30 days", async () => {
    const { repository: of, policy } = named(await recordRepository(false), LIFECYCLE, "builder").inputs;
    expect(of).to.equal("builder");
    const { rules } = JSON.parse(String(policy)) as { rules: readonly Record<string, unknown>[] };
    expect(rules).to.have.length(1);
    expect(rules[0]).to.deep.include({
      selection: {
        tagStatus: "untagged",
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber: 30,
      },
      action: { type: "expire" },
    });
  });

  it("lets functions of this account pull, and nobody else", async () => {
    const { repository: of, policy } = named(await recordRepository(false), POLICY, "builder").inputs;
    expect(of).to.equal("builder");
    expect(JSON.parse(String(policy))).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "LambdaPulls",
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
          Condition: {
            StringLike: { "aws:sourceArn": "arn:aws:lambda:*:123456789012:function:*" },
          },
        },
      ],
    });
  });

  it("is protected and kept where data is retained", async () => {
    const { inputs, protect, retainOnDelete } = named(await recordRepository(true), REPOSITORY, "builder");
    expect([inputs["forceDelete"], protect, retainOnDelete]).to.deep.equal([false, true, true]);
  });
});
