import { Entity, Service, type EntityItem } from "electrodb";
import { lazily, type Table } from "../../shared/table/open-table";
import { buildSchema, targetStateSchema } from "./builds";
import { layerSchema } from "./layers";
import { outcomeSchema, publicationSchema, runSchema } from "./runs";

/** The entities of layers over the table. */
export const layerEntities = (table: Table) =>
  lazily({
    build: () => new Entity(buildSchema, table),
    targetState: () => new Entity(targetStateSchema, table),
    layer: () => new Entity(layerSchema, table),
    run: () => new Entity(runSchema, table),
    outcome: () => new Entity(outcomeSchema, table),
    publication: () => new Entity(publicationSchema, table),
  });

/** Writes to several of these entities at once: all of it or nothing. */
export const layerTransaction = (table: Table) => new Service({ ...layerEntities(table) }, table).transaction;

type Row<Name extends keyof ReturnType<typeof layerEntities>> = EntityItem<
  ReturnType<typeof layerEntities>[Name]
>;

/** A layer version in a region, for one architecture. Times are ISO 8601. */
export type LayerRow = Row<"layer">;
/** Where a target stands: its latest good build, and the failure of the last attempt if that failed. */
export type TargetState = Row<"targetState">;
/** A good build. */
export type Build = NonNullable<TargetState["built"]>;
/** The failure of an attempt. */
export type FailedAttempt = NonNullable<TargetState["failure"]>;
/** A run of the factory; without `finishedAt` and `counts` while it goes on. */
export type Run = Omit<Row<"run">, "expires">;
/** What became of one target in one run. */
export type Outcome = Omit<Row<"outcome">, "expires">;
/** What became of one item in one region of one run. */
export type Publication = Omit<Row<"publication">, "expires">;
