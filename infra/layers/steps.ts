import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  announceEnvironment,
  compareEnvironment,
  gatherEnvironment,
  planEnvironment,
  publishEnvironment,
  recordEnvironment,
  signEnvironment,
} from "../../runtime/contracts/layers";
import type { StepName } from "./definition";
import type { DataBucket } from "../parts/data-bucket";
import { type Grant, mergeGrants } from "../parts/grant";
import type { LambdaFunction } from "../parts/lambda-function";
import { type EnvironmentOf, ServiceFunctions } from "../parts/service-functions";
import type { Shared } from "../shared";

export interface FactoryStepsArgs extends Pick<
  Shared,
  "foundation" | "functions" | "pythons" | "architectures"
> {
  readonly layerPrefix: string;
  /** Who may use the layers. */
  readonly layerVisibility: "public" | "organization" | "private";
  /** The AWS Organization whose accounts may use them, when `layerVisibility` is `organization`. */
  readonly layerOrganizationId: string;
  /** Days that a deprecated layer version stays. */
  readonly layerExpiryDays: number;
}

/** Reads objects that may be missing: without the right to list, S3 answers "forbidden" for a missing object. */
const readAny = (bucket: DataBucket, objects: string): Grant[] => [
  bucket.read(objects),
  bucket.list(objects),
];

/** The Node functions of the build pipeline, each told only of what its grants cover. */
export function createFactorySteps(
  name: string,
  args: FactoryStepsArgs,
  parent: pulumi.Resource,
): Record<StepName, LambdaFunction> {
  const functions = new ServiceFunctions(name, { service: "layers", defaults: args.functions, parent });
  const { table, bus, artifacts, artifactsByRegion } = args.foundation;
  const rows = [table.read(), table.write()];
  const runs = [...readAny(artifacts, "runs/*"), artifacts.write("runs/*")];
  const tableName = { TABLE_NAME: table.name };
  const home = { ARTIFACTS_BUCKET: artifacts.name };
  const regions = { REGIONS: JSON.stringify([...artifactsByRegion.keys()]) };
  return {
    plan: functions.node("plan", {
      reads: planEnvironment,
      can: [...rows, artifacts.write("runs/*")],
      environment: {
        ...tableName,
        ...home,
        PYTHONS: JSON.stringify(args.pythons),
        ARCHITECTURES: JSON.stringify(args.architectures),
      },
    }),
    sign: functions.node("sign", {
      reads: signEnvironment,
      can: [...runs, artifacts.write("staging/*")],
      environment: home,
    }),
    compare: functions.node("compare", {
      reads: compareEnvironment,
      can: [...rows, ...runs, ...readAny(artifacts, "artifacts/*")],
      environment: { ...tableName, ...home, ...regions },
    }),
    gather: functions.node("gather", {
      reads: gatherEnvironment,
      can: runs,
      environment: home,
    }),
    record: functions.node("record", {
      reads: recordEnvironment,
      can: [
        ...rows,
        ...runs,
        ...readAny(artifacts, "staging/*"),
        artifacts.remove("staging/*"),
        ...readAny(artifacts, "artifacts/*"),
        artifacts.write("artifacts/*"),
      ],
      environment: { ...tableName, ...home, ...regions },
      timeoutSeconds: 300,
      memoryMegabytes: 512,
    }),
    publish: functions.node("publish", {
      reads: publishEnvironment,
      can: [
        ...rows,
        ...readAny(artifacts, "runs/*"),
        ...copyArtifacts(args),
        publishLayers(args, parent),
        LIST_LAYERS,
      ],
      environment: { ...tableName, ...home, ...publishingEnvironment(args) },
      timeoutSeconds: 300,
    }),
    announce: functions.node("announce", {
      reads: announceEnvironment,
      can: [...rows, bus.put()],
      environment: { ...tableName, BUS_NAME: bus.name },
      timeoutSeconds: 300,
    }),
  };
}

function publishingEnvironment(
  args: FactoryStepsArgs,
): Omit<EnvironmentOf<typeof publishEnvironment>, "TABLE_NAME" | "ARTIFACTS_BUCKET"> {
  const { layerVisibility, layerOrganizationId, layerPrefix, layerExpiryDays, foundation } = args;
  const buckets = Object.fromEntries(
    [...foundation.artifactsByRegion].map(([region, bucket]) => [region, bucket.name]),
  );
  return {
    ARTIFACT_BUCKETS: pulumi.jsonStringify(buckets),
    LAYER_PREFIX: layerPrefix,
    EXPIRY_DAYS: String(layerExpiryDays),
    VISIBILITY: layerVisibility,
    ...(layerVisibility === "organization" ? { ORGANIZATION_ID: layerOrganizationId } : {}),
  };
}

/**
 * Copies artifacts from the home region's bucket to every region's own. There is one statement for all buckets, since an inline
 * policy may have 10,240 characters.
 */
function copyArtifacts({ foundation }: FactoryStepsArgs): Grant[] {
  const buckets = [...foundation.artifactsByRegion.values()];
  return [
    ...mergeGrants(buckets.map((bucket) => bucket.read("artifacts/*"))),
    ...mergeGrants(buckets.map((bucket) => bucket.write("artifacts/*"))),
    ...mergeGrants(buckets.map((bucket) => bucket.list("artifacts/*"))),
  ];
}

/** AWS allows no resource names for listing layers. The emulator checks ListLayerVersions as ListLayers. */
const LIST_LAYERS: Grant = { actions: ["lambda:ListLayerVersions", "lambda:ListLayers"], resources: ["*"] };

/** Publishes layers with our prefix, in the regions of the stage. */
function publishLayers({ foundation, layerPrefix }: FactoryStepsArgs, parent: pulumi.Resource): Grant {
  const { accountId } = aws.getCallerIdentityOutput({}, { parent });
  const { partition } = aws.getPartitionOutput({}, { parent });
  const resources = [...foundation.artifactsByRegion.keys()].flatMap((region) => {
    const layer = pulumi.interpolate`arn:${partition}:lambda:${region}:${accountId}:layer:${layerPrefix}-*`;
    return [layer, pulumi.interpolate`${layer}:*`];
  });
  return {
    actions: ["lambda:PublishLayerVersion", "lambda:GetLayerVersion", "lambda:AddLayerVersionPermission"],
    resources,
  };
}
