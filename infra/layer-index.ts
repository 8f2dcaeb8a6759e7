import * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "./foundation";
import { HttpApi } from "./parts/http-api";
import type { ServiceDefaults } from "./parts/lambda-function";
import { ServiceFunctions } from "./parts/service-functions";
import { layerIndexEnvironment } from "../runtime/contracts/layer-index";

export interface LayerIndexArgs {
  readonly foundation: Foundation;
  readonly functions: ServiceDefaults;
  readonly pythons: readonly string[];
  readonly architectures: readonly string[];
  readonly regions: readonly string[];
}

/** Answers which layers are published, in the shapes that Klayers' clients know. */
export class LayerIndex extends pulumi.ComponentResource {
  /** The platform's one API: other services add their routes to it. */
  readonly api: HttpApi;

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
    this.api = new HttpApi(name, { ...args.functions, handler }, { parent: this });
    this.registerOutputs({ url: this.api.url });
  }
}
