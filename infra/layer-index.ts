import * as pulumi from "@pulumi/pulumi";
import { ServiceFunctions } from "./parts/service-functions";
import type { Shared } from "./shared";
import { layerIndexEnvironment } from "../runtime/contracts/layer-index";

export type LayerIndexArgs = Pick<
  Shared,
  "foundation" | "functions" | "api" | "pythons" | "architectures" | "regions"
>;

/** Answers which layers are published, in the shapes that Klayers' clients know. */
export class LayerIndex extends pulumi.ComponentResource {
  constructor(name: string, args: LayerIndexArgs, opts?: pulumi.ComponentResourceOptions) {
    super("strata:service:LayerIndex", name, {}, opts);
    const { table } = args.foundation;
    const functions = new ServiceFunctions(name, {
      service: "layer-index",
      defaults: args.functions,
      parent: this,
    });
    const handler = functions.node("api", {
      reads: layerIndexEnvironment,
      can: [table.read()],
      environment: {
        TABLE_NAME: table.name,
        PYTHONS: JSON.stringify(args.pythons),
        ARCHITECTURES: JSON.stringify(args.architectures),
        REGIONS: JSON.stringify(args.regions),
      },
      timeoutSeconds: 15,
      memoryMegabytes: 512,
    });
    // Its clients ask at the root. Whatever else is asked for, it says that there is no such thing.
    args.api.onOtherRequests(name, handler);
    this.registerOutputs({});
  }
}
