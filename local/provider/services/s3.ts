import {
  type BucketLifecycleConfiguration,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type NotificationConfiguration,
  type OwnershipControls,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  type ServerSideEncryptionConfiguration,
  type VersioningConfiguration,
} from "@aws-sdk/client-s3";
import { type s3 } from "@pulumi/aws";
import { present, type ResourceTypes, setting } from "../resource-type";
import { asJson, pascal } from "../values";
import { bucket } from "./s3-bucket";
import { object } from "./s3-object";

const spelling = { id: "ID", kmsMasterKeyId: "KMSMasterKeyID", sseAlgorithm: "SSEAlgorithm" };
const replaceOn = ["bucket"];
const id = ({ bucket }: { readonly bucket: string }): string => bucket;

export const s3Types: ResourceTypes = {
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketObjectv2:BucketObjectv2": object,
  "aws:s3/bucketVersioning:BucketVersioning": setting<s3.BucketVersioningArgs>({
    replaceOn,
    id,
    put: (inputs, { client }) => {
      const VersioningConfiguration = pascal(inputs.versioningConfiguration, {
        spelling: { mfaDelete: "MFADelete" },
      }) as VersioningConfiguration;
      return client(S3Client).send(
        new PutBucketVersioningCommand({ Bucket: inputs.bucket, VersioningConfiguration }),
      );
    },
    describe: async (_id, { bucket: Bucket, versioningConfiguration }, { client }) => {
      const { Status } = await client(S3Client).send(new GetBucketVersioningCommand({ Bucket }));
      return present((Status ?? "Disabled") === versioningConfiguration.status);
    },
    // Versioning can't be removed from a bucket, only suspended.
    delete: ({ bucket: Bucket }, { client }) =>
      client(S3Client).send(
        new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } }),
      ),
  }),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    setting<s3.BucketServerSideEncryptionConfigurationArgs>({
      replaceOn,
      id,
      put: ({ bucket: Bucket, rules }, { client }) => {
        const ServerSideEncryptionConfiguration = pascal(
          { rules },
          { spelling },
        ) as ServerSideEncryptionConfiguration;
        return client(S3Client).send(
          new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }),
        );
      },
      // Without a configuration, S3 answers its default: AES256.
      describe: async (_id, { bucket: Bucket, rules }, { client }) => {
        const answer = await client(S3Client).send(new GetBucketEncryptionCommand({ Bucket }));
        const live = answer.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
        const wanted = rules[0]?.applyServerSideEncryptionByDefault?.sseAlgorithm;
        return present(wanted === undefined || live?.SSEAlgorithm === wanted);
      },
      delete: ({ bucket: Bucket }, { client }) =>
        client(S3Client).send(new DeleteBucketEncryptionCommand({ Bucket })),
    }),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting<s3.BucketPublicAccessBlockArgs>({
    replaceOn,
    id,
    put: (inputs, { client }) =>
      client(S3Client).send(
        new PutPublicAccessBlockCommand({
          Bucket: inputs.bucket,
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: inputs.blockPublicAcls ?? false,
            BlockPublicPolicy: inputs.blockPublicPolicy ?? false,
            IgnorePublicAcls: inputs.ignorePublicAcls ?? false,
            RestrictPublicBuckets: inputs.restrictPublicBuckets ?? false,
          },
        }),
      ),
    describe: async (_id, { bucket: Bucket }, { client }) => {
      const live = await client(S3Client).send(new GetPublicAccessBlockCommand({ Bucket }));
      return present(live.PublicAccessBlockConfiguration !== undefined);
    },
    delete: ({ bucket: Bucket }, { client }) =>
      client(S3Client).send(new DeletePublicAccessBlockCommand({ Bucket })),
  }),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": setting<s3.BucketOwnershipControlsArgs>({
    replaceOn,
    id,
    put: ({ bucket: Bucket, rule }, { client }) => {
      const controls = pascal({ rules: [rule] }) as OwnershipControls;
      return client(S3Client).send(
        new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: controls }),
      );
    },
    describe: async (_id, { bucket: Bucket }, { client }) => {
      const live = await client(S3Client).send(new GetBucketOwnershipControlsCommand({ Bucket }));
      return present((live.OwnershipControls?.Rules ?? []).length > 0);
    },
    delete: ({ bucket: Bucket }, { client }) =>
      client(S3Client).send(new DeleteBucketOwnershipControlsCommand({ Bucket })),
  }),
  "aws:s3/bucketPolicy:BucketPolicy": setting<s3.BucketPolicyArgs>({
    replaceOn,
    id,
    put: ({ bucket: Bucket, policy }, { client }) =>
      client(S3Client).send(new PutBucketPolicyCommand({ Bucket, Policy: asJson(policy) })),
    describe: async (_id, { bucket: Bucket }, { client }) => {
      const { Policy } = await client(S3Client).send(new GetBucketPolicyCommand({ Bucket }));
      return present(Policy !== undefined && Policy !== "");
    },
    delete: ({ bucket: Bucket }, { client }) =>
      client(S3Client).send(new DeleteBucketPolicyCommand({ Bucket })),
  }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration":
    setting<s3.BucketLifecycleConfigurationArgs>({
      replaceOn,
      id,
      put: ({ bucket: Bucket, rules }, { client }) => {
        // S3 wants a filter, also in a rule for the whole bucket.
        const complete = (rules ?? []).map((rule) => ({ filter: { prefix: "" }, ...rule }));
        const LifecycleConfiguration = pascal(
          { rules: complete },
          { spelling },
        ) as BucketLifecycleConfiguration;
        return client(S3Client).send(
          new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }),
        );
      },
      describe: async (_id, { bucket: Bucket }, { client }) => {
        const live = await client(S3Client).send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
        return present((live.Rules ?? []).length > 0);
      },
      delete: ({ bucket: Bucket }, { client }) =>
        client(S3Client).send(new DeleteBucketLifecycleCommand({ Bucket })),
    }),
  "aws:s3/bucketNotification:BucketNotification": setting<s3.BucketNotificationArgs>({
    replaceOn,
    id,
    put: (inputs, { client }) => {
      const filtered = (rule: Filtered, target: Readonly<Record<string, string | undefined>>): object => ({
        ...target,
        Id: rule.id,
        Events: rule.events,
        Filter: { Key: { FilterRules: filterRules(rule) } },
      });
      const NotificationConfiguration = {
        LambdaFunctionConfigurations: inputs.lambdaFunctions?.map((rule) =>
          filtered(rule, { LambdaFunctionArn: rule.lambdaFunctionArn }),
        ),
        QueueConfigurations: inputs.queues?.map((rule) => filtered(rule, { QueueArn: rule.queueArn })),
        TopicConfigurations: inputs.topics?.map((rule) => filtered(rule, { TopicArn: rule.topicArn })),
        ...(inputs.eventbridge === true ? { EventBridgeConfiguration: {} } : {}),
      } as NotificationConfiguration;
      return client(S3Client).send(
        new PutBucketNotificationConfigurationCommand({ Bucket: inputs.bucket, NotificationConfiguration }),
      );
    },
    describe: async (_id, { bucket: Bucket }, { client }) => {
      const live = await client(S3Client).send(new GetBucketNotificationConfigurationCommand({ Bucket }));
      const { LambdaFunctionConfigurations, QueueConfigurations, TopicConfigurations } = live;
      const rules = [LambdaFunctionConfigurations, QueueConfigurations, TopicConfigurations].flat();
      return present(live.EventBridgeConfiguration !== undefined || rules.some((rule) => rule !== undefined));
    },
    delete: ({ bucket: Bucket }, { client }) =>
      client(S3Client).send(
        new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: {} }),
      ),
  }),
};

interface Filtered {
  readonly id?: string | undefined;
  readonly events: readonly string[];
  readonly filterPrefix?: string | undefined;
  readonly filterSuffix?: string | undefined;
}

function filterRules({ filterPrefix, filterSuffix }: Filtered): object[] {
  return [
    ...(filterPrefix === undefined ? [] : [{ Name: "prefix", Value: filterPrefix }]),
    ...(filterSuffix === undefined ? [] : [{ Name: "suffix", Value: filterSuffix }]),
  ];
}
