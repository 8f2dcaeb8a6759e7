import * as awsx from "@pulumi/awsx";
import type * as pulumi from "@pulumi/pulumi";
import { NODE_RUNTIME, entryCode, imageContext } from "./handler-code";
import { type FunctionPackage, type FunctionSettings, LambdaFunction } from "./lambda-function";

/** Where a tool function runs its programs: on the host, in an image built here, or in an image already pushed. */
export type ToolSource =
  | { readonly kind: "host" }
  | { readonly kind: "build"; readonly repositoryUrl: pulumi.Input<string> }
  | { readonly kind: "image"; readonly uri: string };

export interface ToolFunctionArgs extends FunctionSettings {
  /** `<service>/<name>` of a file `runtime/<service>/<name>.lambda.ts`. */
  readonly entry: string;
  /** Folder under `images/` with the Dockerfile. */
  readonly image: string;
  /** The stage of the Dockerfile that has what the function needs. */
  readonly stage: string;
  /** The Python in the image, such as `3.13`. */
  readonly python: string;
  readonly architecture: string;
  readonly source: ToolSource;
}

/**
 * A Lambda function that runs programs such as uv and Python: a container image on AWS, and locally the same handler as a zip
 * on the host. Where it runs strangers' code give it no access to data; it gets what it needs in its event.
 */
export class ToolFunction extends LambdaFunction {
  constructor(name: string, args: ToolFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("strata:part:ToolFunction", name, args, packageOf(name, args, opts?.parent), opts);
  }
}

function packageOf(
  name: string,
  args: ToolFunctionArgs,
  parent: pulumi.Resource | undefined,
): FunctionPackage {
  if (args.source.kind === "host") return { kind: "zip", runtime: NODE_RUNTIME, ...entryCode(args.entry) };
  return {
    kind: "image",
    architecture: args.architecture,
    imageUri: args.source.kind === "image" ? args.source.uri : buildImage(name, args, args.source, parent),
  };
}

function buildImage(
  name: string,
  args: ToolFunctionArgs,
  source: ToolSource & { kind: "build" },
  parent: pulumi.Resource | undefined,
): pulumi.Output<string> {
  const image = new awsx.ecr.Image(
    name,
    {
      repositoryUrl: source.repositoryUrl,
      context: imageContext(args.image, args.entry),
      platform: args.architecture === "arm64" ? "linux/arm64" : "linux/amd64",
      target: args.stage,
      args: { PYTHON_VERSION: args.python },
      imageTag: `${args.entry.replace("/", "-")}-${args.python}-${args.architecture}`,
    },
    parent === undefined ? {} : { parent },
  );
  return image.imageUri;
}
