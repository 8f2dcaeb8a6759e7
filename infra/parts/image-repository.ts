import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Images that have lost their tag are kept this long, so that a deploy can be rolled back. */
const UNTAGGED_DAYS = 30;

/** A private ECR repository: scanned on push, and untagged images go after 30 days. */
export class ImageRepository extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: { readonly retain: boolean }, opts?: pulumi.ComponentResourceOptions) {
    super("strata:part:ImageRepository", name, {}, opts);
    const repository = new aws.ecr.Repository(
      name,
      {
        // A rebuilt image takes over its tag; functions refer to images by digest.
        imageTagMutability: "MUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "AES256" }],
        forceDelete: !args.retain,
      },
      { parent: this, protect: args.retain, retainOnDelete: args.retain },
    );
    new aws.ecr.LifecyclePolicy(
      name,
      {
        repository: repository.name,
        policy: JSON.stringify({
          rules: [
            {
              rulePriority: 1,
              description: `untagged images go after ${UNTAGGED_DAYS} days`,
              selection: {
                tagStatus: "untagged",
                countType: "sinceImagePushed",
                countUnit: "days",
                countNumber: UNTAGGED_DAYS,
              },
              action: { type: "expire" },
            },
          ],
        }),
      },
      { parent: this },
    );
    this.letLambdaPull(name, repository);
    this.url = repository.repositoryUrl;
    this.registerOutputs({ url: this.url });
  }

  /** Without it Lambda writes this policy itself, for several functions at once, and they overwrite each other's. */
  private letLambdaPull(name: string, repository: aws.ecr.Repository): void {
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    const { partition } = aws.getPartitionOutput({}, { parent: this });
    const functions = pulumi.interpolate`arn:${partition}:lambda:*:${accountId}:function:*`;
    const policy = pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "LambdaPulls",
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
          Condition: { StringLike: { "aws:sourceArn": functions } },
        },
      ],
    });
    new aws.ecr.RepositoryPolicy(name, { repository: repository.name, policy }, { parent: this });
  }
}
