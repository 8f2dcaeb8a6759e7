import type { FoundationArgs } from "../../../infra/foundation";
import { LayerFactory, type LayerFactoryArgs } from "../../../infra/layers/layer-factory";
import { recordComponent, testFoundation } from "../recorded-component";
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
        ...testFoundation({ regions: ["us-east-1", "eu-west-1"], ...stage }),
        pythons: ["3.12", "3.13"],
        architectures: ["x86_64", "arm64"],
        layerPrefix: "strata",
        visibility: { kind: "private" },
        expiryDays: 30,
        buildConcurrency: 7,
        toolSource: () => ({ kind: "host" }),
        ...changes,
      }),
  );
}
