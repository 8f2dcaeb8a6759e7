import { Entity, Service } from "electrodb";
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
