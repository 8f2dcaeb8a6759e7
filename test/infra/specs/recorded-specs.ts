import type { FoundationArgs } from "../../../infra/foundation";
import { SpecBuilder, type SpecBuilderArgs } from "../../../infra/specs/spec-builder";
import { recordComponent, testApi, testFoundation } from "../recorded-component";
import { type RecordedResource, arnOf } from "../recorded-resources";

/** ARN of the bucket of specs. */
export const BUCKET = arnOf("aws:s3/bucket:Bucket", "specs-bucket") ?? "";

/**
 * The resources of the component for specs, built alone.
 *
 * @param stage what its stage sets for all services.
 */
export function recordSpecBuilder(
  changes: Partial<SpecBuilderArgs> = {},
  stage: Partial<FoundationArgs> = {},
): Promise<RecordedResource[]> {
  return recordComponent(
    () =>
      new SpecBuilder("specs", {
        ...testFoundation(stage),
        api: testApi(),
        visibility: "private",
        concurrency: 5,
        rollouts: {},
        architecture: "arm64",
        toolSource: () => ({ kind: "host" }),
        ...changes,
      }),
  );
}
