/** The tables of the example lake: raw data as different tools write it. */
import type { Column } from "@aws-sdk/client-glue";

export const EXAMPLE_BUCKET = "strata-example-lake-raw";

/** One table, and its objects. */
export interface ExampleTable {
  readonly database: string;
  readonly table: string;
  /** Below the bucket; ends with `/`. */
  readonly prefix: string;
  readonly keys: readonly Column[];
  readonly parameters: Readonly<Record<string, string>>;
  /** Each folder below `prefix`, with its partition's values: the days within the look-back. */
  readonly recent: ReadonlyMap<string, readonly string[]>;
  /** The same for an older day, which only a full sync looks at. */
  readonly old: ReadonlyMap<string, readonly string[]>;
  /** Objects that are not in a partition. */
  readonly junk: readonly string[];
}

const DAY = 24 * 60 * 60 * 1000;
/** Days before today. The default look-back includes the recent ones. */
const RECENT = [0, 1, 2];
const OLD = [40];
const HOURS = ["00", "06"];

const strings = (...names: string[]): Column[] => names.map((Name) => ({ Name, Type: "string" }));

/** A day as `2026`, `11`, `21`. */
interface DateParts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
}

/** The partitions of a day, as a writer names their folders. */
type Writer = (date: DateParts) => readonly (readonly [folder: string, values: readonly string[]])[];

/** The example lake as it looks at `now`. */
export function exampleTables(now: Date): ExampleTable[] {
  const table = (
    name: `${string}.${string}`,
    keys: readonly Column[],
    writer: Writer,
    more: { readonly layout?: string; readonly junk?: readonly string[] } = {},
  ): ExampleTable => {
    const [database = "", own = ""] = name.split(".");
    return {
      database,
      table: own,
      prefix: `${database.replace(/_raw$/, "")}/${own}/`,
      keys,
      parameters: more.layout === undefined ? {} : { "strata.partitions.layout": more.layout },
      recent: written(writer, RECENT, now),
      old: written(writer, OLD, now),
      junk: more.junk ?? [],
    };
  };
  return [
    table("sales_raw.orders", strings("year", "month", "day"), hive, {
      junk: ["_SUCCESS", "_temporary/0/part-0.json"],
    }),
    table("sales_raw.stock", [...strings("country"), { Name: "day", Type: "date" }], escaped),
    table("delivery_raw.clicks", strings("year", "month", "day", "hour"), hourly, {
      layout: "{year}/{month}/{day}/{hour}",
    }),
    table("delivery_raw.events", strings("year", "month", "day", "hour"), hourly, { layout: "firehose" }),
    table("audit_raw.trail", strings("account", "region", "day"), trail, { layout: "cloudtrail" }),
    table("audit_raw.changes", strings("header__partition_name"), attunity),
  ];
}

function written(
  writer: Writer,
  daysBack: readonly number[],
  now: Date,
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    daysBack.flatMap((back) => {
      const [year = "", month = "", day = ""] = new Date(now.getTime() - back * DAY)
        .toISOString()
        .slice(0, 10)
        .split("-");
      return writer({ year, month, day });
    }),
  );
}

const hive: Writer = ({ year, month, day }) => [
  [`year=${year}/month=${month}/day=${day}/`, [year, month, day]],
];

/** Values as Hive escapes them: characters that are part of a path or of `key=value` are escaped. */
const escaped: Writer = ({ year, month, day }) =>
  [
    ["Peru", "Peru"],
    ["a%3Ab", "a:b"],
    ["10%25", "10%"],
  ].map(([folder, value]) => [
    `country=${folder ?? ""}/day=${year}-${month}-${day}/`,
    [value ?? "", `${year}-${month}-${day}`],
  ]);

const hourly: Writer = ({ year, month, day }) =>
  HOURS.map((hour) => [`${year}/${month}/${day}/${hour}/`, [year, month, day, hour]]);

const trail: Writer = ({ year, month, day }) =>
  ["us-east-1", "eu-west-1"].map((region) => [
    `AWSLogs/000000000000/CloudTrail/${region}/${year}/${month}/${day}/`,
    ["000000000000", region, `${year}/${month}/${day}`],
  ]);

const attunity: Writer = ({ year, month, day }) => {
  const next = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day) + 1));
  const range = `${year}${month}${day}T000000_${next.toISOString().slice(0, 10).replaceAll("-", "")}T000000`;
  return [[`header__partition_name=${range}/`, [range]]];
};
