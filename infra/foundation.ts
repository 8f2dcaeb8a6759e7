import * as pulumi from "@pulumi/pulumi";
import { DataBucket } from "./parts/data-bucket";
import { tableDefinition } from "../runtime/contracts/table";
import { DataTable } from "./parts/data-table";
import { EventBus } from "./parts/event-bus";
import { ImageRepository } from "./parts/image-repository";

export interface FoundationArgs {
  /** Regions that layers are published to; the first is home. Never empty. */
  readonly regions: readonly [string, ...string[]];
  /** Protect all data and keep it when the program lets go of it. */
  readonly retainData: boolean;
  /** Buckets refuse requests without TLS. */
  readonly tlsOnly: boolean;
}

/** Days that the notes of a run and staged zips stay. */
const RUN_DAYS = 30;
const STAGING_DAYS = 1;

/** How a stage treats what holds data. */
export interface DataDefaults {
  /** Protect all data and keep it when the program lets go of it. */
  readonly retain: boolean;
  /** Buckets refuse requests without TLS. */
  readonly tlsOnly: boolean;
}

/** What several services share: the table, the bus, the artifacts, the image registry. What one service uses alone is its own. */
export class Foundation extends pulumi.ComponentResource {
  /** For the buckets, and whatever else holds data, that a service makes for itself. */
  readonly data: DataDefaults;
  readonly table: DataTable;
  readonly bus: EventBus;
  /** Artifacts in the home region, with the notes of each run and what is staged. */
  readonly artifacts: DataBucket;
  /** Artifacts by region, home included: Lambda takes a layer's zip only from a bucket in its own region. */
  readonly artifactsByRegion: ReadonlyMap<string, DataBucket>;
  private repository: ImageRepository | undefined;

  constructor(
    private readonly partName: string,
    args: FoundationArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("strata:service:Foundation", partName, {}, opts);
    const own = { parent: this };
    const retain = args.retainData;
    this.data = { retain, tlsOnly: args.tlsOnly };
    const [home, ...others] = args.regions;
    this.table = new DataTable(`${partName}-table`, { retain, definition: tableDefinition }, own);
    this.bus = new EventBus(`${partName}-bus`, own);
    this.artifacts = new DataBucket(
      `${partName}-artifacts`,
      {
        ...this.data,
        expire: [
          { prefix: "runs/", days: RUN_DAYS },
          { prefix: "staging/", days: STAGING_DAYS },
        ],
      },
      own,
    );
    this.artifactsByRegion = new Map([
      [home, this.artifacts],
      ...others.map((region): [string, DataBucket] => [
        region,
        new DataBucket(`${partName}-artifacts-${region}`, { ...this.data, region }, own),
      ]),
    ]);
    this.registerOutputs({ table: this.table.name, bus: this.bus.name });
  }

  /** Where images go that this program builds; made when the first is asked for. */
  images(): ImageRepository {
    this.repository ??= new ImageRepository(
      `${this.partName}-builder`,
      { retain: this.data.retain },
      { parent: this },
    );
    return this.repository;
  }
}
