import { settingsGroup } from "./group";
import { filledListOf, listOf, schedule, text, wholeNumber, yesOrNo } from "./kinds";
import { setting } from "./setting";

/** As Glue keeps names; only `*` stands for anything, since it is what IAM knows too. */
const databaseName = text(
  /^[a-z0-9_*-]{1,255}$/,
  "lower-case letters, digits, _ or -, with * for any part, such as *_raw",
);

/** A bucket is named by three characters at least, so that no pattern means every bucket there is. */
const bucketName = text(
  /^(?!.*\*\*)(?=(\*?[a-z0-9.-]){3})[a-z0-9.*-]{3,63}$/,
  "the name of a bucket, with * for any part, such as acme-lake-*",
);

export const partitions = settingsGroup({
  settings: {
    partitionDatabases: setting({
      kind: filledListOf(databaseName, "names of databases"),
      default: ["*_raw"],
      description: "Glue databases whose partitions are kept up to date.",
    }),
    partitionExcludedDatabases: setting({
      kind: listOf(databaseName, "names of databases"),
      default: [],
      description: "Databases that are left alone although partitionDatabases names them.",
    }),
    partitionBuckets: setting({
      kind: listOf(bucketName, "names of buckets"),
      default: [],
      description:
        "Buckets that the tables of those databases lie in. Only these may be listed; a table elsewhere is refused.",
    }),
    partitionGlueCatalogId: setting({
      kind: text(/^(\d{12})?$/, "empty or an account of 12 digits"),
      default: "",
      description: "Account of the Glue catalog; empty for the stack's own.",
    }),
    partitionSchedule: setting({
      kind: schedule,
      default: "rate(1 hour)",
      description: "When all tables are synced, where schedules is true.",
    }),
    partitionConcurrency: setting({
      kind: wholeNumber(1, 1000),
      default: 10,
      description: "Tables synced at one time.",
    }),
    partitionLookBackDays: setting({
      kind: wholeNumber(0, 3650),
      default: 3,
      description:
        "Days back from today that partitions keyed by time are looked for. A table's own parameter goes before it.",
    }),
    partitionLookAheadDays: setting({
      kind: wholeNumber(0, 365),
      default: 0,
      description:
        "Days ahead of today that partitions keyed by time are looked for. A table's own parameter goes before it.",
    }),
    partitionFreshnessHours: setting({
      kind: wholeNumber(1, 87_600),
      default: 48,
      description:
        "Hours after which a table's newest partition is stale and an alarm is raised. A table's own parameter goes before it.",
    }),
    partitionEvents: setting({
      kind: yesOrNo,
      default: false,
      description:
        "Whether new objects in partitionBuckets make partitions within seconds. These buckets must send their events to EventBridge.",
    }),
  },
  check: ({ partitionEvents, partitionBuckets }) =>
    partitionEvents && partitionBuckets.length === 0
      ? ["strata:partitionBuckets: [] was given; partitionEvents needs the buckets whose events to follow"]
      : [],
});
