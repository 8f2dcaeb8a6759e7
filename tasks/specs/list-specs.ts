import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import Table from "cli-table3";
import { openSpecStore } from "../../runtime/specs/spec-store";
import type { Connection } from "../platform/connection";

/** A spec as the command line shows it. */
export interface SpecListing {
  readonly owner: string;
  /** The spec's id, which is also the name of its package. */
  readonly spec: string;
  readonly version: string;
  readonly status: string;
  readonly at: string;
  readonly files: readonly string[];
  /** Why the spec was refused. */
  readonly reason?: string;
}

/** All specs of one owner, or of all owners. */
export async function listSpecs(connection: Connection, owner?: string): Promise<SpecListing[]> {
  const store = openSpecStore(connection.table());
  const owners = owner === undefined ? await ownersIn(connection) : [owner];
  const rows = (await Promise.all(owners.map((each) => store.ofOwner(each)))).flat();
  return rows
    .filter(({ status }) => status !== "removed")
    .map(({ owner, specId, version, status, at, files, reason }) => ({
      owner,
      spec: specId,
      version,
      status,
      at,
      files: files.map(({ name }) => name),
      ...(reason === undefined ? {} : { reason }),
    }));
}

/** The folders at the top of the bucket. */
async function ownersIn(connection: Connection): Promise<string[]> {
  const found: string[] = [];
  const request = { Bucket: connection.outputs.specs.bucket, Delimiter: "/" };
  for await (const page of paginateListObjectsV2({ client: connection.s3() }, request)) {
    found.push(...(page.CommonPrefixes ?? []).map(({ Prefix = "" }) => Prefix.slice(0, -1)));
  }
  return found;
}

/** The specs as a table. */
export function renderSpecs(specs: readonly SpecListing[]): string {
  const table = new Table({
    head: ["owner", "spec", "version", "status", "since", "files, or why there are none"],
    style: { head: [], border: [], compact: true },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const { owner, spec, version, status, at, files, reason = "" } of specs) {
    table.push([owner, spec, version, status, at, status === "built" ? files.join("\n") : reason]);
  }
  return table.toString();
}
