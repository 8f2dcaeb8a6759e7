import {
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from "@aws-sdk/client-s3";
import { type s3 } from "@pulumi/aws";
import { readAsset, zipArchive } from "../archives";
import { type Inputs, reference, setting } from "../resource-type";
import { type Archive, type Asset } from "../values";
import { removeVersions } from "./s3-bucket";

type ObjectInputs = Inputs<s3.BucketObjectv2Args>;

const key = (inputs: ObjectInputs): string => inputs.key ?? "";

/** `aws:s3/bucketObjectv2:BucketObjectv2`. */
export const object = setting<s3.BucketObjectv2Args>({
  replaceOn: ["bucket", "key"],
  naming: { property: "key", limit: 1024 },
  id: (inputs) => `${reference(inputs.bucket)}/${key(inputs)}`,
  put: async (inputs, { client }) => {
    const upload: PutObjectCommandInput = {
      Bucket: reference(inputs.bucket),
      Key: key(inputs),
      Body: await bodyOf(inputs),
      CacheControl: inputs.cacheControl,
      ContentDisposition: inputs.contentDisposition,
      ContentEncoding: inputs.contentEncoding,
      ContentLanguage: inputs.contentLanguage,
      ContentType: inputs.contentType,
      Metadata: inputs.metadata,
      Tagging: inputs.tags === undefined ? undefined : new URLSearchParams(inputs.tags).toString(),
    };
    return client(S3Client).send(new PutObjectCommand(upload));
  },
  describe: async (_id, inputs, { client, partition }) => {
    const head = await client(S3Client).send(
      new HeadObjectCommand({ Bucket: reference(inputs.bucket), Key: key(inputs) }),
    );
    return {
      arn: `arn:${partition}:s3:::${reference(inputs.bucket)}/${key(inputs)}`,
      contentType: head.ContentType,
      etag: head.ETag?.replaceAll('"', ""),
      key: key(inputs),
      versionId: head.VersionId ?? "",
    };
  },
  delete: (inputs, { client }) =>
    removeVersions(client(S3Client), reference(inputs.bucket), key(inputs), key(inputs)),
});

async function bodyOf(inputs: ObjectInputs): Promise<Uint8Array> {
  if (inputs.content !== undefined) return Buffer.from(inputs.content);
  const source = inputs.source as unknown as Asset | Archive | undefined;
  if (source === undefined) return new Uint8Array();
  return source.kind === "asset" ? readAsset(source) : zipArchive(source);
}
