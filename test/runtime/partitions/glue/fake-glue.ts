import { GlueClient, type Partition, type PartitionInput, type Table } from "@aws-sdk/client-glue";
import { glueRefusal } from "../../../../bench/glue-limits";
import { answeredBy, type WireAnswer, type WireRequest } from "../fake-handler";
import { pageOfPartitions, type GluePartition } from "./glue-pages";

/** A request's JSON, as far as the fake reads it. */
interface Body {
  readonly CatalogId?: string;
  readonly DatabaseName?: string;
  readonly TableName?: string;
  readonly Name?: string;
  readonly NextToken?: string;
  readonly Expression?: string;
  readonly ExcludeColumnSchema?: boolean;
  readonly PartitionInputList?: readonly PartitionInput[];
  readonly PartitionsToGet?: readonly { readonly Values: readonly string[] }[];
  readonly PartitionsToDelete?: readonly { readonly Values: readonly string[] }[];
  readonly Entries?: readonly {
    readonly PartitionValueList: readonly string[];
    readonly PartitionInput: PartitionInput;
  }[];
  readonly PartitionIndex?: { readonly IndexName: string; readonly Keys: readonly string[] };
  readonly TableInput?: Table;
  readonly VersionId?: string;
}

export interface Call extends Body {
  readonly action: string;
}

/** An error of a whole call. */
export interface Fault {
  readonly code: string;
  readonly message?: string;
}

interface Held {
  table: Table;
  readonly partitions: Map<string, Partition>;
  readonly indexes: { IndexName: string; Keys: { Name: string }[]; IndexStatus: string }[];
}

/** A Data Catalog in memory. It refuses what AWS refuses, and can be told to fail like AWS. */
export class FakeGlue {
  readonly calls: Call[] = [];
  readonly databases = new Map<string, Map<string, Held>>();
  /** Databases and tables on a page. */
  pageSize = 100;
  maxAttempts = 1;
  /** How many partitions a look-up processes; the rest are unprocessed. */
  lookUps = Infinity;
  /** The error of a call, if it should fail. */
  callFault: (call: Call) => Fault | undefined = () => undefined;
  /** The error of an entry of a call, if it should fail. */
  entryFault: (values: readonly string[], call: Call) => Fault | undefined = () => undefined;

  add(database: string, table: Table): Held {
    const tables = this.databases.get(database) ?? new Map<string, Held>();
    this.databases.set(database, tables);
    const held = {
      table: { VersionId: "1", ...table, DatabaseName: database },
      partitions: new Map(),
      indexes: [],
    };
    tables.set(table.Name ?? "", held);
    return held;
  }

  held(database: string, table: string): Held {
    const held = this.databases.get(database)?.get(table);
    if (held === undefined) throw new Error(`no ${database}.${table}`);
    return held;
  }

  /** Values of a table's partitions joined by `/`, with their locations, sorted. */
  locations(database: string, table: string): readonly string[] {
    return [...this.held(database, table).partitions]
      .map(([id, { StorageDescriptor }]) => `${id} ${StorageDescriptor?.Location ?? ""}`)
      .sort();
  }

  of(action: string): readonly Call[] {
    return this.calls.filter((call) => call.action === action);
  }

  /** Calls that write. */
  writes(): readonly Call[] {
    return this.calls.filter(({ action }) =>
      /^(BatchCreate|BatchUpdate|BatchDelete|Create|Update)/.test(action),
    );
  }

  client(): GlueClient {
    return new GlueClient(answeredBy((request) => this.answer(request), this.maxAttempts));
  }

  private answer({ headers, body = "" }: WireRequest): WireAnswer {
    const action = headers["x-amz-target"]?.split(".")[1] ?? "";
    const text = typeof body === "string" ? body : new TextDecoder().decode(body);
    const json = JSON.parse(text) as Body;
    const call = { ...json, action };
    this.calls.push(call);
    const invalid = glueRefusal(action, { ...json });
    const fault =
      this.callFault(call) ??
      (invalid === undefined ? this.missing(call) : { code: "ValidationException", message: invalid });
    if (fault !== undefined)
      return {
        status: 400,
        body: JSON.stringify({ __type: fault.code, Message: fault.message ?? fault.code }),
      };
    return { status: 200, body: JSON.stringify(this.perform(call)) };
  }

  private missing({ action, DatabaseName = "", TableName, Name, TableInput }: Call): Fault | undefined {
    if (action === "GetDatabases") return undefined;
    const tables = this.databases.get(DatabaseName);
    const table = TableName ?? TableInput?.Name ?? Name;
    if (tables !== undefined && (table === undefined || tables.has(table))) return undefined;
    return {
      code: "EntityNotFoundException",
      message: `${table === undefined ? "Database" : "Table"} not found.`,
    };
  }

  private perform(call: Call): object {
    const { action, DatabaseName = "", TableName = "", NextToken = "0" } = call;
    const start = Number(NextToken);
    const cut = <T>(list: readonly T[]) => ({
      page: list.slice(start, start + this.pageSize),
      ...(start + this.pageSize < list.length ? { NextToken: String(start + this.pageSize) } : {}),
    });
    if (action === "GetDatabases") {
      const { page, ...next } = cut([...this.databases.keys()]);
      return { DatabaseList: page.map((Name) => ({ Name })), ...next };
    }
    if (action === "GetTables") {
      const { page, ...next } = cut([...(this.databases.get(DatabaseName)?.values() ?? [])]);
      return { TableList: page.map(({ table }) => table), ...next };
    }
    const held = this.held(DatabaseName, TableName || (call.Name ?? call.TableInput?.Name ?? ""));
    return this.performOn(held, call);
  }

  private performOn(held: Held, call: Call): object {
    const { partitions, table } = held;
    const withId = (values: readonly string[]) => ({ values, id: values.join("/") });
    const eachOf = (
      list: readonly (readonly string[])[],
      work: (id: string, index: number) => Fault | undefined,
    ) =>
      list.map(withId).flatMap(({ values, id }, index) => {
        const fault = this.entryFault(values, call) ?? work(id, index);
        return fault === undefined
          ? []
          : [{ values, ErrorDetail: { ErrorCode: fault.code, ErrorMessage: fault.message ?? fault.code } }];
      });
    switch (call.action) {
      case "GetTable":
        return { Table: table };
      case "GetPartitions": {
        const names = (table.PartitionKeys ?? []).map(({ Name }) => Name ?? "");
        const chosen = [...partitions.values()].filter((one) =>
          satisfies(call.Expression, names, one.Values ?? []),
        );
        return pageOfPartitions({ ...call }, chosen as unknown as readonly GluePartition[]);
      }
      case "BatchGetPartition": {
        const asked = call.PartitionsToGet ?? [];
        const read = asked.slice(0, this.lookUps);
        return {
          Partitions: read.flatMap(({ Values }) => partitions.get(Values.join("/")) ?? []),
          UnprocessedKeys: asked.slice(read.length),
        };
      }
      case "BatchCreatePartition": {
        const list = call.PartitionInputList ?? [];
        const errors = eachOf(
          list.map(({ Values = [] }) => Values),
          (id, index) => {
            if (partitions.has(id)) return { code: "AlreadyExistsException" };
            partitions.set(id, { ...list[index], CreationTime: 1_700_000_000 as unknown as Date });
            return undefined;
          },
        );
        return {
          Errors: errors.map(({ values, ErrorDetail }) => ({ PartitionValues: values, ErrorDetail })),
        };
      }
      case "BatchUpdatePartition": {
        const list = call.Entries ?? [];
        const errors = eachOf(
          list.map(({ PartitionValueList }) => PartitionValueList),
          (id, index) => {
            const there = partitions.get(id);
            if (there === undefined) return { code: "EntityNotFoundException" };
            const { CreationTime } = there;
            partitions.set(id, {
              ...list[index]?.PartitionInput,
              ...(CreationTime === undefined ? {} : { CreationTime }),
            });
            return undefined;
          },
        );
        return {
          Errors: errors.map(({ values, ErrorDetail }) => ({ PartitionValueList: values, ErrorDetail })),
        };
      }
      case "BatchDeletePartition": {
        const errors = eachOf(
          (call.PartitionsToDelete ?? []).map(({ Values }) => Values),
          (id) => (partitions.delete(id) ? undefined : { code: "EntityNotFoundException" }),
        );
        return {
          Errors: errors.map(({ values, ErrorDetail }) => ({ PartitionValues: values, ErrorDetail })),
        };
      }
      case "GetPartitionIndexes":
        return { PartitionIndexDescriptorList: held.indexes };
      case "CreatePartitionIndex": {
        const { IndexName = "", Keys = [] } = call.PartitionIndex ?? {};
        held.indexes.push({ IndexName, Keys: Keys.map((Name) => ({ Name })), IndexStatus: "CREATING" });
        return {};
      }
      case "UpdateTable":
        held.table = { ...table, ...call.TableInput };
        return {};
      default:
        throw new Error(`The fake knows no ${call.action}.`);
    }
  }
}

/** Evaluates the part of Glue's expressions that we use: comparisons and IN, joined by AND. */
function satisfies(
  expression: string | undefined,
  names: readonly string[],
  values: readonly string[],
): boolean {
  if (expression === undefined) return true;
  return expression.split(" AND ").every((condition) => {
    const [, name = "", operator = "", operand = ""] = /^(\w+) (>=|<=|IN) (.*)$/.exec(condition) ?? [];
    const value = values[names.indexOf(name)] ?? "";
    const list = [...operand.matchAll(/'([^']*)'|(\d+)/g)].map(([, text, number]) => text ?? number ?? "");
    const [first = ""] = list;
    if (operator === "IN") return list.includes(value);
    return operator === ">=" ? value >= first : value <= first;
  });
}
