import { specEntities } from "../../runtime/specs/entities";
import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import Table from "cli-table3";
import type { Connection } from "../platform/connection";

/** A package, or why there is none, as the command line shows it. */
export interface PackageRow {
  readonly owner: string;
  readonly package: string;
  readonly version: string;
  readonly status: string;
  readonly at: string;
  readonly files: readonly string[];
  /** Why a spec was refused. */
  readonly reason?: string;
}

/** What there is of one owner, or of all. */
export async function readPackageRows(connection: Connection, owner?: string): Promise<PackageRow[]> {
  const owners = owner === undefined ? await subsOf(connection) : [owner];
  const entities = specEntities(connection.table());
  const pages = await Promise.all(
    owners.map((each) => entities.package.query.byName({ owner: each }).go({ pages: "all" })),
  );
  return pages
    .flatMap(({ data }) => data)
    .filter(({ status }) => status !== "removed")
    .map(({ owner, specId, version, status, at, files, reason }) => ({
      owner,
      package: specId,
      version,
      status,
      at,
      files: files.map(({ name }) => name),
      ...(reason === undefined ? {} : { reason }),
    }));
}

/** The folders at the top of the bucket. */
async function subsOf(connection: Connection): Promise<string[]> {
  const found: string[] = [];
  const request = { Bucket: connection.outputs.specs.bucket, Delimiter: "/" };
  for await (const page of paginateListObjectsV2({ client: connection.s3() }, request)) {
    found.push(...(page.CommonPrefixes ?? []).map(({ Prefix = "" }) => Prefix.slice(0, -1)));
  }
  return found;
}

/** The rows as a table. */
export function renderPackageRows(rows: readonly PackageRow[]): string {
  const table = new Table({
    head: ["owner", "package", "version", "status", "since", "files, or why there are none"],
    style: { head: [], border: [], compact: true },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const row of rows) {
    const what = row.status === "built" ? row.files.join("\n") : (row.reason ?? "");
    table.push([row.owner, row.package, row.version, row.status, row.at, what]);
  }
  return table.toString();
}
