import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  PutSecretValueCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
} from "@aws-sdk/client-secrets-manager";
import { type secretsmanager } from "@pulumi/aws";
import { type Context } from "../clients";
import { changeTags, required, resource, type ResourceTypes, tagList } from "../resource-type";

/** Days during which a deleted secret can be restored, unless the program says otherwise. */
const RECOVERY_DAYS = 30;

const secret = resource<secretsmanager.SecretArgs>({
  replaceOn: ["name", "namePrefix"],
  takes: ["description", "kmsKeyId", "name", "namePrefix", "recoveryWindowInDays"],
  naming: { property: "name", prefix: "namePrefix", limit: 512 },
  create: async (inputs, { client }) => {
    const created = await client(SecretsManagerClient).send(
      new CreateSecretCommand({
        Name: required(inputs.name, "name"),
        Description: inputs.description,
        KmsKeyId: inputs.kmsKeyId,
        Tags: tagList(inputs.tags),
      }),
    );
    return required(created.ARN, "ARN");
  },
  describe: async (id, inputs, context) => (await liveSecret(id, context)) && { arn: id, name: inputs.name },
  update: async (id, inputs, earlier, { client }) => {
    const change = { SecretId: id, Description: inputs.description ?? "", KmsKeyId: inputs.kmsKeyId };
    await client(SecretsManagerClient).send(new UpdateSecretCommand(change));
    const secrets = client(SecretsManagerClient);
    await changeTags(inputs, earlier, {
      untag: (TagKeys) => secrets.send(new UntagResourceCommand({ SecretId: id, TagKeys })),
      tag: (tags) => secrets.send(new TagResourceCommand({ SecretId: id, Tags: tagList(tags) })),
    });
  },
  delete: async (id, inputs, { client }) => {
    const days = inputs.recoveryWindowInDays ?? RECOVERY_DAYS;
    // 0 means at once in Pulumi.
    const how = days === 0 ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: days };
    await client(SecretsManagerClient).send(new DeleteSecretCommand({ SecretId: id, ...how }));
  },
});

/** Separates a secret and its version in an id, as in @pulumi/aws. */
const SEPARATOR = "|";

const secretVersion = resource<secretsmanager.SecretVersionArgs>({
  replaceOn: "*",
  takes: ["secretId", "secretString"],
  create: async ({ secretId, secretString }, { client }) => {
    const put = await client(SecretsManagerClient).send(
      new PutSecretValueCommand({ SecretId: secretId, SecretString: required(secretString, "secretString") }),
    );
    return [required(put.ARN, "ARN"), required(put.VersionId, "VersionId")].join(SEPARATOR);
  },
  // A newer version is no reason to make this one the newest again: it exists as long as its secret.
  describe: async (id, { secretId }, context) => {
    const live = await liveSecret(secretId, context);
    const versionId = required(id.split(SEPARATOR)[1], "versionId");
    return live && { arn: live.ARN, versionId, versionStages: live.VersionIdsToStages?.[versionId] ?? [] };
  },
  // It can't be deleted: there is no call for that, and a secret must keep its current version.
  delete: () => Promise.resolve(),
});

/** A secret that can be used. Secrets Manager still describes one that waits for its deletion. */
async function liveSecret(
  SecretId: string,
  { client }: Context,
): Promise<DescribeSecretCommandOutput | undefined> {
  const live = await client(SecretsManagerClient).send(new DescribeSecretCommand({ SecretId }));
  return live.DeletedDate === undefined ? live : undefined;
}

export const secretsmanagerTypes: ResourceTypes = {
  "aws:secretsmanager/secret:Secret": secret,
  "aws:secretsmanager/secretVersion:SecretVersion": secretVersion,
};
