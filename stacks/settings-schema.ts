import { z } from "zod";

/** Days CloudWatch Logs can keep lines (PutRetentionPolicy). */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653];

const oneOf = <T extends string>(...allowed: [T, ...T[]]) =>
  z.enum(allowed, { error: `must be one of ${allowed.join(", ")}` });

const matching = (pattern: RegExp, allowed: string) =>
  z.string({ error: allowed }).regex(pattern, { error: allowed });

const wholeNumber = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
};

const truth = z.boolean({ error: "must be true or false" });

const optionalList = <T extends z.ZodType>(item: T, what: string) =>
  z
    .array(item, { error: `must be a list of ${what}` })
    .refine((items) => new Set(items).size === items.length, { error: "must not name anything twice" });

const list = <T extends z.ZodType>(item: T, what: string) =>
  optionalList(item, what).min(1, { error: `must name at least one of: ${what}` });

const region = matching(
  /^(all|[a-z]{2}(-[a-z]+)+-\d)$/,
  "must be a region code such as eu-west-1, or all alone",
);

const imageByDigest = matching(
  /^[^\s@]+@sha256:[0-9a-f]{64}$/,
  "must name an image by its digest: <repository>@sha256:<64 hex digits>",
);

const imageKey = matching(
  /^(3\.\d+-(x86_64|arm64)|specs-(build|canary))$/,
  "must be keyed by <python>-<architecture>, such as 3.13-arm64, specs-build or specs-canary",
);

const time = matching(/^(rate|cron)\(.+\)$/, "must be rate(...) or cron(...), such as rate(7 days)");

/** As Glue keeps names; only `*` stands for anything, since it is what IAM knows too. */
const databaseName = matching(
  /^[a-z0-9_*-]{1,255}$/,
  "must be lower-case letters, digits, _ or -, with * for any part, such as *_raw",
);

/** A bucket is named by three characters at least, so that no pattern means every bucket there is. */
const bucketName = matching(
  /^(?!.*\*\*)(?=(\*?[a-z0-9.-]){3})[a-z0-9.*-]{3,63}$/,
  "must be the name of a bucket, with * for any part, such as acme-lake-*",
);

/** How a function's calls are split while a new version of it is being tried. */
const rollout = z.strictObject(
  {
    stableVersion: matching(/^[1-9]\d*$/, 'must be the number of a published version in quotes, such as "7"'),
    newestPercent: wholeNumber(0, 99),
  },
  { error: "must be {stableVersion, newestPercent}" },
);

/** The shape of every `strata:` key; each message says what is allowed. */
export const schema = z.strictObject({
  pythons: list(
    matching(/^3\.(9|[1-9]\d)$/, "must be a Python minor version from 3.9 on, such as 3.13"),
    "Pythons",
  ),
  architectures: list(oneOf("x86_64", "arm64"), "x86_64, arm64"),
  regions: list(region, "region codes"),
  catalog: oneOf("test", "prod"),
  layerPrefix: matching(/^[A-Za-z0-9-_]{1,15}$/, "must be 1 to 15 letters, digits, - or _"),
  visibility: oneOf("public", "organization", "private"),
  organizationId: matching(/^(o-[a-z0-9]{10,32})?$/, "must be empty or an organization such as o-abc1234567"),
  expiryDays: wholeNumber(1, 3650),
  schedules: truth,
  buildSchedule: time,
  buildConcurrency: wholeNumber(1, 1000),
  toolFunctions: oneOf("image", "host"),
  builderImages: z.record(imageKey, imageByDigest, {
    error: "must map <python>-<architecture> to an image",
  }),
  retainData: truth,
  tlsOnly: truth,
  logRetentionDays: z
    .number({ error: "must be a number of days" })
    .refine((days) => LOG_RETENTION_DAYS.includes(days), {
      error: `must be one of ${LOG_RETENTION_DAYS.join(", ")}`,
    }),
  notificationEmail: matching(/^([^\s@]+@[^\s@]+\.[^\s@]+)?$/, "must be empty or an e-mail address"),
  packageIndexVisibility: oneOf("private", "public"),
  specConcurrency: wholeNumber(0, 1000),
  specRollout: z.strictObject(
    { handle: rollout.exactOptional(), build: rollout.exactOptional() },
    { error: "must map handle or build to {stableVersion, newestPercent}" },
  ),
  specCanarySchedule: time,
  rawDatabases: list(databaseName, "names of databases"),
  excludedDatabases: optionalList(databaseName, "names of databases"),
  rawBuckets: optionalList(bucketName, "names of buckets"),
  glueCatalogId: matching(/^(\d{12})?$/, "must be empty or an account of 12 digits"),
  partitionSchedule: time,
  partitionConcurrency: wholeNumber(1, 1000),
  partitionLookBackDays: wholeNumber(0, 3650),
  partitionLookAheadDays: wholeNumber(0, 365),
  partitionFreshnessHours: wholeNumber(1, 87_600),
  partitionEvents: truth,
});
