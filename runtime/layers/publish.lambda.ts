import { LambdaClient } from "@aws-sdk/client-lambda";
import type { z } from "zod";
import { publishEnvironment, publishPayload, type PublishAnswer } from "../contracts/layers";
import { clientDefaults } from "../shared/clients";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { BugError, UserError } from "../shared/errors";
import type { Log } from "../shared/log";
import { artifactStoreIn, layerStoreIn, now } from "./clients";
import { openLayerVersionStore, type Visibility } from "./publish/layer-version-store";
import { publishItem, type PublishPorts } from "./publish/publish";

type Settings = z.infer<typeof publishEnvironment>;

export function create(environment: NodeJS.ProcessEnv, log: Log): (event: unknown) => Promise<PublishAnswer> {
  const settings = readEnvironment(publishEnvironment, environment);
  const scope = {
    prefix: settings.LAYER_PREFIX,
    visibility: visibilityOf(settings),
    expiryDays: settings.EXPIRY_DAYS,
  };
  const ports: PublishPorts = {
    home: artifactStoreIn(settings.ARTIFACTS_BUCKET, environment),
    regional: openRegions(settings.ARTIFACT_BUCKETS, environment),
    store: layerStoreIn(settings.TABLE_NAME),
    log,
    now,
  };
  return async (event) => publishItem(readPayload(publishPayload, event), scope, ports);
}

/** @throws BugError when layers are for an organization whose id is missing. */
export function visibilityOf({
  VISIBILITY: kind,
  ORGANIZATION_ID: id,
}: Pick<Settings, "VISIBILITY" | "ORGANIZATION_ID">): Visibility {
  if (kind !== "organization") return { kind };
  if (id === undefined) throw new BugError("VISIBILITY is organization, so ORGANIZATION_ID must be set.");
  return { kind, id };
}

/** Makes the clients of a region when something is first published there, and keeps them. */
function openRegions(
  buckets: Settings["ARTIFACT_BUCKETS"],
  environment: NodeJS.ProcessEnv,
): PublishPorts["regional"] {
  const opened = new Map<string, ReturnType<PublishPorts["regional"]>>();
  return (region) => {
    const bucket = Object.hasOwn(buckets, region) ? buckets[region] : undefined;
    if (bucket === undefined) {
      throw new UserError(
        `There is no artifacts bucket in ${region}: add the region to strata:regions and deploy.`,
      );
    }
    const known = opened.get(region) ?? {
      artifacts: artifactStoreIn(bucket, environment, region),
      versions: openLayerVersionStore(new LambdaClient({ ...clientDefaults, region })),
    };
    opened.set(region, known);
    return known;
  };
}

export const handler = entry("layers-publish", create);
