import type { Table } from "@aws-sdk/client-glue";
import { partitionKeysOf } from "./layout/keys";
import { isOnS3 } from "./lake/location";
import { isOptedOut } from "./table/table-settings";

/** Table formats that keep their own list of files; partitions in Glue mean nothing to them. */
const OWN_METADATA = /^(iceberg|delta|deltalake|hudi|org\.apache\.hudi)$/i;
/** Parameters by which those formats are known, in the writers that are about. */
const FORMAT_PARAMETERS = ["table_type", "spark.sql.sources.provider", "provider", "classification"];

/** Why a table is none to keep partitions for, or undefined. */
export function skipReason(table: Table): string | undefined {
  const parameters = table.Parameters ?? {};
  if (isOptedOut(parameters)) return "opted out by strata.partitions.enabled = false";
  if (/VIEW/i.test(table.TableType ?? "") || parameters["presto_view"] === "true") return "it is a view";
  if (table.TargetTable !== undefined) return "it is a link to a table of another catalog";
  const format = formatOf(table);
  if (format !== undefined) return `it is a table of ${format}, which keeps its own list of files`;
  if (parameters["projection.enabled"]?.toLowerCase() === "true") {
    return "partition projection is on, so Athena would not look at registered partitions";
  }
  if (partitionKeysOf(table).length === 0) return "it has no partition keys";
  if (!isOnS3(table.StorageDescriptor?.Location)) return "it has no location in S3";
  return undefined;
}

function formatOf({ Parameters: parameters = {}, StorageDescriptor: descriptor }: Table): string | undefined {
  for (const name of FORMAT_PARAMETERS) {
    const value = parameters[name]?.trim() ?? "";
    if (OWN_METADATA.test(value)) return value.toLowerCase();
  }
  const format = descriptor?.InputFormat ?? "";
  return /\.(iceberg|hudi)\./i.exec(format)?.[1]?.toLowerCase();
}
