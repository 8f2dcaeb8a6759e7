import type { Artifact } from "../../contracts/builder";
import type { PublishAnswer, PublishPayload, WorkItem } from "../../contracts/layers";
import { requirementOf, type TargetKey } from "../../contracts/target";
import { BugError } from "../../shared/errors";
import type { Log } from "../../shared/log";
import type { ArtifactStore } from "../artifact-store";
import type { LayerRow } from "../entities/entities";
import { keys } from "../keys";
import type { LayerStore } from "../layer-store";
import { publicationOf, readItem, targetsOf } from "../work-item";
import { artifactMark, layerNameOf } from "./layer-name";
import type { LayerVersion, LayerVersionStore, Visibility } from "./layer-version-store";

/** How the stage publishes. */
interface PublishScope {
  readonly prefix: string;
  readonly visibility: Visibility;
  /** Days that a deprecated layer version stays. */
  readonly expiryDays: number;
}

export interface PublishPorts {
  /** The home bucket, where artifacts and items are. */
  readonly home: Pick<ArtifactStore, "bucket" | "readJson">;
  /** @throws UserError when the stage has no bucket in the region. */
  regional(region: string): {
    readonly artifacts: Pick<ArtifactStore, "bucket" | "exists" | "copy">;
    readonly versions: LayerVersionStore;
  };
  readonly store: Pick<LayerStore, "layersIn" | "recordPublished" | "putPublication">;
  readonly log: Log;
  readonly now: () => Date;
}

const DAY_MILLISECONDS = 24 * 3600 * 1000;

/**
 * Publishes an artifact in a region and records it. A repeat finds what was published before: in the table, or by the mark in
 * the layer version's description when a run died between publishing and recording.
 * @throws UserError when the region refuses, UpstreamError when it is busy.
 */
export async function publishItem(
  payload: PublishPayload,
  scope: PublishScope,
  ports: PublishPorts,
): Promise<PublishAnswer> {
  const { region, sha256 } = payload;
  const item = await readItem(payload, ports.home);
  const { artifact, runId } = item;
  if (artifact?.sha256 !== sha256) {
    throw new BugError(`Item ${item.item} is about another artifact than ${sha256}.`);
  }
  const targets = targetsOf(item);
  const rows = (await Promise.all(targets.map((target) => ports.store.layersIn(region, target)))).flat();
  const recorded = findRecorded(rows, item, sha256);
  if (recorded !== undefined && recorded.every(({ status }) => status === "latest")) {
    const arn = recorded[0]?.arn ?? "";
    await ports.store.putPublication(publicationOf(item, { region, sha256, status: "existing", arn }));
    return { status: "existing", region, arn };
  }
  const version = recorded?.[0] ?? (await publishVersion(item, artifact, region, scope, ports));
  const written = planRows({ item, artifact, region, version, rows, targets, scope, now: ports.now() });
  const { arn } = version;
  await ports.store.recordPublished(
    written,
    publicationOf(item, { region, sha256, status: "published", arn }),
  );
  ports.log.info("layer published", { runId, region, item: item.item, arn });
  return { status: "published", region, arn };
}

/** The rows of one layer version that holds the artifact and is for every architecture of the item. */
function findRecorded(
  rows: readonly LayerRow[],
  item: WorkItem,
  sha256: string,
): readonly (LayerRow & { readonly version: number })[] | undefined {
  const same = rows.filter((row) => row.sha256 === sha256);
  const arns = [...new Set(same.map(({ arn }) => arn))];
  const byVersion = arns.map((arn) => same.filter((row) => row.arn === arn));
  const whole = byVersion.filter((some) => some.length === item.architectures.length);
  const best = whole.find((some) => some.every(({ status }) => status === "latest")) ?? whole.at(-1);
  return best?.map((row) => ({ ...row, version: row.layerVersion }));
}

async function publishVersion(
  item: WorkItem,
  { sha256 }: Artifact,
  region: string,
  { prefix, visibility }: PublishScope,
  ports: PublishPorts,
): Promise<LayerVersion> {
  const { artifacts, versions } = ports.regional(region);
  const name = layerNameOf(prefix, item.python, item.architectures, item.package);
  const found = await versions.find(
    name,
    ({ description, architectures }) =>
      description.startsWith(artifactMark(sha256)) &&
      item.architectures.every((one) => architectures.includes(one)),
  );
  let version = found;
  if (version === undefined) {
    const key = keys.artifact(sha256);
    if (!(await artifacts.exists(key))) await artifacts.copy({ bucket: ports.home.bucket, key }, key);
    const { python, architectures } = item;
    const { license = "" } = item.package;
    const description = `${artifactMark(sha256)} ${requirementOf(item.package)} ${item.version}`;
    version = await versions.publish({
      name,
      bucket: artifacts.bucket,
      key,
      python,
      architectures,
      license,
      description,
    });
  }
  await versions.allow(name, version.version, visibility);
  return version;
}

/** The rows to write: the version for each architecture, and the versions that it replaces, with the day they expire. */
function planRows(input: {
  readonly item: WorkItem;
  readonly artifact: Artifact;
  readonly region: string;
  readonly version: Pick<LayerVersion, "arn" | "version">;
  /** All rows of the item's targets in the region. */
  readonly rows: readonly LayerRow[];
  readonly targets: readonly TargetKey[];
  readonly scope: PublishScope;
  readonly now: Date;
}): readonly LayerRow[] {
  const { item, artifact, region, version, rows, targets, scope, now } = input;
  const expiryDate = new Date(now.getTime() + scope.expiryDays * DAY_MILLISECONDS).toISOString();
  const replaced = rows.filter(({ status, arn }) => status === "latest" && arn !== version.arn);
  const latest = targets.map((target): LayerRow => {
    const known = rows.find(
      ({ architecture, arn }) => architecture === target.architecture && arn === version.arn,
    );
    return {
      ...target,
      region,
      layerName:
        version.arn.split(":").at(-2) ??
        layerNameOf(scope.prefix, item.python, item.architectures, item.package),
      layerVersion: version.version,
      arn: version.arn,
      packageVersion: item.version,
      sha256: artifact.sha256,
      status: "latest",
      dependencies: artifact.dependencies,
      publishedAt: known?.publishedAt ?? now.toISOString(),
      runId: item.runId,
    };
  });
  return [...latest, ...replaced.map((row): LayerRow => ({ ...row, status: "deprecated", expiryDate }))];
}
