/**
 * Takes the place of the `awsx` plugin in a preview of a stage that builds container images, without Docker and AWS. It never builds
 * an image: stage local runs its functions as zips.
 */
import { ComponentResource, type ComponentResourceOptions, type Inputs, output } from "@pulumi/pulumi";
import { type Provider } from "@pulumi/pulumi/provider";
import { isDryRun } from "@pulumi/pulumi/runtime";

const IMAGE = "awsx:ecr:Image";

/** The component behind `awsx.ecr.Image`. */
class PreviewedImage extends ComponentResource {
  constructor(name: string, options: ComponentResourceOptions) {
    super(IMAGE, name, {}, options);
  }
}

/** A provider that previews `awsx.ecr.Image` and refuses to deploy it. */
export function createAwsxProvider(): Provider {
  return {
    version: "3.9.0",
    construct: (name, type, inputs, options) => {
      if (type !== IMAGE) {
        throw new Error(
          `The local provider doesn't know the component ${type}. Add it to local/provider/awsx/provider.ts.`,
        );
      }
      if (!isDryRun()) {
        throw new Error(
          `${name}: building a container image needs Docker and the published provider. ` +
            `Deploy this stage with --provider official, or set strata:toolFunctions to host.`,
        );
      }
      const image = new PreviewedImage(name, options);
      return Promise.resolve({ urn: image.urn, state: { imageUri: plausibleUri(inputs) } });
    },
  };
}

/** An address of the right form, so that what the program derives from it has the right form too. */
function plausibleUri(inputs: Inputs): unknown {
  const digest = "0".repeat(64);
  return output(inputs["repositoryUrl"] as string | undefined).apply(
    (repository) => `${repository ?? "repository"}@sha256:${digest}`,
  );
}
