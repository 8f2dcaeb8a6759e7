import type { RecordAnswer, Work } from "../../contracts/layers";
import type { ArtifactStore } from "../artifact-store";
import { readItem } from "../work-item";

/** Lists the regions where the artifact of an item is missing that needs no build; none if it has no artifact. */
export async function listPublications(
  { item }: { readonly item: Work },
  { artifacts }: { readonly artifacts: Pick<ArtifactStore, "readJson"> },
): Promise<RecordAnswer> {
  const { artifact, regions } = await readItem(item, artifacts);
  return publishIn(artifact === undefined ? [] : regions, item, artifact?.sha256 ?? "");
}

/** The answer that has an artifact published in these regions. */
export function publishIn(
  regions: readonly string[],
  { runId, item }: Pick<Work, "runId" | "item">,
  sha256: string,
): RecordAnswer {
  return { publish: regions.map((region) => ({ runId, item, region, sha256 })) };
}
