import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Images that nothing names any more are kept this long, for rolling back. */
const UNTAGGED_DAYS = 30;

/** A private ECR repository, scanned on push, that drops images no tag names after 30 days. */
export class ImageRepository extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: { readonly retain: boolean }, opts?: pulumi.ComponentResourceOptions) {
    super("strata:part:ImageRepository", name, {}, opts);
    const repository = new aws.ecr.Repository(
      name,
      {
        // A rebuilt image takes over its tag; functions hold on to digests.
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
    this.url = repository.repositoryUrl;
    this.registerOutputs({ url: this.url });
  }
}
