import type { FoundationArgs } from "../../../infra/foundation";
import { LayerFactory, type LayerFactoryArgs } from "../../../infra/layers/layer-factory";
import { recordComponent, testShared } from "../recorded-component";
import type { RecordedResource } from "../recorded-resources";

/**
 * The resources of the layer factory, built alone for two regions.
 *
 * @param stage what its stage sets for all services.
 */
export function recordLayerFactory(
  changes: Partial<LayerFactoryArgs> = {},
  stage: Partial<FoundationArgs> = {},
): Promise<RecordedResource[]> {
  return recordComponent(
    () =>
      new LayerFactory("layers", {
        ...testShared({ regions: ["us-east-1", "eu-west-1"], architectures: ["x86_64", "arm64"] }, stage),
        layerPrefix: "strata",
        layerVisibility: "private",
        layerOrganizationId: "",
        layerExpiryDays: 30,
        layerBuildSchedule: "rate(7 days)",
        layerBuildConcurrency: 7,
        ...changes,
      }),
  );
}
