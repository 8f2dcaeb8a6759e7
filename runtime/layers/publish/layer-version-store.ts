import {
  AddLayerVersionPermissionCommand,
  Architecture as LambdaArchitecture,
  paginateListLayerVersions,
  PublishLayerVersionCommand,
  ResourceConflictException,
  type LambdaClient,
  type Runtime,
} from "@aws-sdk/client-lambda";
import { BugError } from "../../shared/errors";
import { upstream } from "../../shared/upstream";
import { isArchitecture, type Architecture, type PythonVersion } from "../../contracts/target";

/** A layer version as Lambda knows it. */
export interface LayerVersion {
  readonly arn: string;
  readonly version: number;
  readonly description: string;
  readonly architectures: readonly Architecture[];
}

export interface NewLayerVersion {
  readonly name: string;
  readonly bucket: string;
  readonly key: string;
  readonly python: PythonVersion;
  readonly architectures: readonly Architecture[];
  readonly license: string;
  readonly description: string;
}

/** Who may use a layer; an organization is named by its id. */
export type Visibility =
  | { readonly kind: "public" }
  | { readonly kind: "organization"; readonly id: string }
  | { readonly kind: "private" };

/** Lambda's layers in one region. */
export interface LayerVersionStore {
  /** The first version, newest first, that `matches`. */
  find(name: string, matches: (version: LayerVersion) => boolean): Promise<LayerVersion | undefined>;
  publish(layer: NewLayerVersion): Promise<LayerVersion>;
  /** Lets others use the version. A repeat changes nothing. */
  allow(name: string, version: number, visibility: Visibility): Promise<void>;
}

/** Always the same, so that a repeat finds the statement that it made before. */
const STATEMENT_ID = "strata-visibility";
/** Characters that LicenseInfo and Description may have. Source: Lambda API reference. */
const LICENSE_LENGTH = 512;
const DESCRIPTION_LENGTH = 256;

/** The layers over Lambda; `client` decides the region. */
export function openLayerVersionStore(client: LambdaClient): LayerVersionStore {
  return {
    find: (name, matches) =>
      upstream(`listing the versions of layer ${name}`, async () => {
        for await (const page of paginateListLayerVersions({ client }, { LayerName: name })) {
          for (const version of page.LayerVersions ?? []) {
            const known = asLayerVersion(version);
            if (matches(known)) return known;
          }
        }
        return undefined;
      }),
    publish: ({ name, bucket, key, python, architectures, license, description }) =>
      upstream(`publishing layer ${name}`, async () => {
        const answer = await client.send(
          new PublishLayerVersionCommand({
            LayerName: name,
            Content: { S3Bucket: bucket, S3Key: key },
            CompatibleRuntimes: [`python${python}` as Runtime],
            CompatibleArchitectures: architectures.map((one) => LambdaArchitecture[one]),
            ...(license === "" ? {} : { LicenseInfo: license.slice(0, LICENSE_LENGTH) }),
            Description: description.slice(0, DESCRIPTION_LENGTH),
          }),
        );
        return asLayerVersion(answer);
      }),
    allow: async (name, version, visibility) => {
      if (visibility.kind === "private") return;
      await upstream(`opening layer ${name}:${version}`, async () => {
        try {
          await client.send(
            new AddLayerVersionPermissionCommand({
              LayerName: name,
              VersionNumber: version,
              StatementId: STATEMENT_ID,
              Action: "lambda:GetLayerVersion",
              Principal: "*",
              ...(visibility.kind === "organization" ? { OrganizationId: visibility.id } : {}),
            }),
          );
        } catch (error) {
          if (!(error instanceof ResourceConflictException)) throw error;
        }
      });
    },
  };
}

function asLayerVersion(answer: {
  readonly LayerVersionArn?: string | undefined;
  readonly Version?: number | undefined;
  readonly Description?: string | undefined;
  readonly CompatibleArchitectures?: readonly string[] | undefined;
}): LayerVersion {
  const { LayerVersionArn: arn, Version: version, Description: description = "" } = answer;
  if (arn === undefined || version === undefined)
    throw new BugError("Lambda answered a layer version without an ARN.");
  return {
    arn,
    version,
    description,
    architectures: (answer.CompatibleArchitectures ?? []).filter(isArchitecture),
  };
}
