import Table from "cli-table3";
import { isStale } from "../../runtime/partitions/table/table-state";
import type { SyncResult, TableState } from "../../runtime/partitions/table/entities";

const HOUR = 60 * 60 * 1000;

/** The state of a table, as the command line shows it. */
export interface TableStatus {
  readonly database: string;
  readonly table: string;
  readonly layout?: string;
  readonly newest?: readonly string[];
  /** When the time of the newest partition starts (ISO). */
  readonly newestAt?: string;
  /** Hours since that moment. */
  readonly ageHours?: number;
  readonly stale: boolean;
  /** When it was last looked at (ISO). */
  readonly lastRun: string;
  readonly status: SyncResult["status"];
  readonly reason?: string;
  readonly advice?: string;
}

/** @param freshnessHours after which a table without a limit of its own is stale. */
export function statusOf(state: TableState, freshnessHours: number, now: Date): TableStatus {
  const { database, table, layout, newest, newestAt, at, status, reason, advice } = state;
  return {
    database,
    table,
    ...(layout === undefined ? {} : { layout }),
    ...(newest === undefined ? {} : { newest }),
    ...(newestAt === undefined
      ? {}
      : { newestAt, ageHours: Math.floor((now.getTime() - Date.parse(newestAt)) / HOUR) }),
    stale: isStale(state, freshnessHours, now),
    lastRun: at,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(advice === undefined ? {} : { advice }),
  };
}

const COUNTS = ["created", "existed", "updated", "deleted", "failed"] as const;

/** The results of a run: a line for each table, then the reasons. */
export function renderResults(results: readonly SyncResult[]): string {
  const table = newTable(["table", "layout", ...COUNTS, "seconds", "status"]);
  for (const result of results) {
    table.push([
      `${result.database}.${result.table}`,
      result.layout ?? "-",
      ...COUNTS.map((count) => result[count]),
      result.seconds.toFixed(1),
      result.status,
    ]);
  }
  return [table.toString(), ...results.flatMap(reasonOf)].join("\n");
}

/** The state of each table: a line each, then the reasons. */
export function renderStatus(rows: readonly TableStatus[]): string {
  const table = newTable(["table", "layout", "newest partition", "age", "last run", "status"]);
  for (const row of rows) {
    table.push([
      `${row.database}.${row.table}`,
      row.layout ?? "-",
      row.newest?.join("/") ?? "-",
      row.ageHours === undefined ? "-" : describeAge(row.ageHours),
      row.lastRun.slice(0, 19).replace("T", " "),
      row.stale ? `${row.status}, STALE` : row.status,
    ]);
  }
  return [table.toString(), ...rows.flatMap(reasonOf)].join("\n");
}

/** Hours as people count them: `5 h`, or days if there are two or more. */
function describeAge(hours: number): string {
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

function reasonOf({ database, table, reason }: Pick<SyncResult, "database" | "table" | "reason">): string[] {
  return reason === undefined ? [] : [`${database}.${table}: ${reason}`];
}

function newTable(head: string[]): Table.Table {
  return new Table({
    head,
    style: { head: [], border: [], compact: true },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
}
