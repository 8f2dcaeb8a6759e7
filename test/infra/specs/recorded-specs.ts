import type { FoundationArgs } from "../../../infra/foundation";
import { SpecBuilder, type SpecBuilderArgs } from "../../../infra/specs/spec-builder";
import { recordComponent, testShared } from "../recorded-component";
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
        ...testShared({ architectures: ["arm64", "x86_64"] }, stage),
        packageIndexVisibility: "private",
        specConcurrency: 5,
        specRollout: {},
        specCanarySchedule: "rate(1 hour)",
        ...changes,
      }),
  );
}
