import type { Foundation } from "../infra/foundation";
import type { ToolSource } from "../infra/parts/tool-function";
import { type Settings, imageKeys } from "./settings/settings";

/**
 * Gives each tool function its place, by its key in `strata:builderImages`. The registry for images is made with the first image
 * that must be built.
 */
export function toolSources(
  settings: Settings,
  foundation: Pick<Foundation, "images">,
): (image: string) => ToolSource {
  const { toolFunctions, builderImages } = settings.stage;
  const known = imageKeys(settings.stage);
  return (image) => {
    // Else nobody could name an image for it: the key would be refused.
    if (!known.includes(image)) throw new Error(`no group of stacks/settings/ has the image ${image}`);
    if (toolFunctions === "host") return { kind: "host" };
    const uri = builderImages[image];
    return uri === undefined
      ? { kind: "build", repositoryUrl: foundation.images().url }
      : { kind: "image", uri };
  };
}
