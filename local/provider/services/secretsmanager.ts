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
import { removedTags, required, resource, type ResourceTypes, tagList } from "../resource-type";

/** Days that a deleted secret can still be taken back unless the program says otherwise. */
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
    const TagKeys = removedTags(inputs, earlier);
    if (TagKeys.length > 0)
      await client(SecretsManagerClient).send(new UntagResourceCommand({ SecretId: id, TagKeys }));
    const Tags = tagList(inputs.tags);
    if (Tags.length > 0)
      await client(SecretsManagerClient).send(new TagResourceCommand({ SecretId: id, Tags }));
  },
  delete: async (id, inputs, { client }) => {
    const days = inputs.recoveryWindowInDays ?? RECOVERY_DAYS;
    // 0 is Pulumi's word for at once.
    const how = days === 0 ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: days };
    await client(SecretsManagerClient).send(new DeleteSecretCommand({ SecretId: id, ...how }));
  },
});

/** Between a secret and the version of it in an id, as in @pulumi/aws. */
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
  // Newer ones push it out, which is no reason to make it the newest again: it is there as long as its secret.
  describe: async (id, { secretId }, context) => {
    const live = await liveSecret(secretId, context);
    const versionId = required(id.split(SEPARATOR)[1], "versionId");
    return live && { arn: live.ARN, versionId, versionStages: live.VersionIdsToStages?.[versionId] ?? [] };
  },
  // Nor can it be taken away: there is no call for that, and the current one must stay.
  delete: () => Promise.resolve(),
});

/** A secret that is there for use: one that waits for its deletion is still described. */
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
