import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { DataBucket } from "./parts/data-bucket";
import { ServiceFunctions } from "./parts/service-functions";
import type { Shared } from "./shared";
import { loadEnvironment } from "../runtime/contracts/catalog";

export interface CatalogArgs extends Pick<Shared, "foundation" | "functions" | "pythons" | "regions"> {
  /** The catalog's files by name, as text; uploaded with the program, `config.json` last. */
  readonly files: ReadonlyMap<string, string>;
}

/** Loads the catalog from S3 into the table, all or nothing, and tells the bus what changed. */
export class Catalog extends pulumi.ComponentResource {
  readonly outputs: { readonly bucket: pulumi.Output<string> };
  /** Holds the catalog's files, each version of them, under `catalog/`. */
  private readonly bucket: DataBucket;

  constructor(name: string, args: CatalogArgs, opts?: pulumi.ComponentResourceOptions) {
    super("strata:service:Catalog", name, {}, opts);
    const { table, bus, data } = args.foundation;
    this.bucket = new DataBucket(`${name}-files`, { ...data, versioned: true }, { parent: this });
    const functions = new ServiceFunctions(name, {
      service: "catalog",
      defaults: args.functions,
      parent: this,
    });
    const load = functions.node("load", {
      reads: loadEnvironment,
      can: [
        this.bucket.read("catalog/*"),
        this.bucket.list("catalog/*"),
        table.read(),
        table.write(),
        bus.put(),
      ],
      environment: {
        TABLE_NAME: table.name,
        BUS_NAME: bus.name,
        PYTHONS: JSON.stringify(args.pythons),
        REGIONS: JSON.stringify(args.regions),
      },
      timeoutSeconds: 120,
      memoryMegabytes: 512,
    });
    const loadsOnUpload = this.bucket.onObjectCreated(`${name}-changed`, load, {
      prefix: "catalog/",
      suffix: "config.json",
    });
    this.upload(args, loadsOnUpload);
    this.outputs = { bucket: this.bucket.name };
    this.registerOutputs(this.outputs);
  }

  /** `config.json` goes last and carries the digest of all files, so that any change in any file makes exactly one load. */
  private upload(args: CatalogArgs, loadsOnUpload: pulumi.Resource): void {
    const others = [...args.files].filter(([file]) => file !== "config.json");
    const uploaded = others.map(([file, text]) =>
      this.bucket.put(`catalog/${file}`, new pulumi.asset.StringAsset(text)),
    );
    const config = args.files.get("config.json");
    if (config === undefined) throw new Error("the catalog has no config.json");
    this.bucket.put("catalog/config.json", new pulumi.asset.StringAsset(config), {
      sourceHash: digestOf(args.files),
      dependsOn: [loadsOnUpload, ...uploaded],
    });
  }
}

/** sha256 over names and contents. */
function digestOf(files: ReadonlyMap<string, string>): string {
  return createHash("sha256")
    .update(JSON.stringify([...files]))
    .digest("hex");
}
