import { expect } from "chai";
import fc from "fast-check";
import { NULL_VALUE } from "../../../../runtime/partitions/layout/partition-keys";
import { fieldsAt } from "../../../../runtime/partitions/layout/moment";
import { parseTimeFormat, writeTime } from "../../../../runtime/partitions/layout/time-format";
import { at, hiveFrom, layoutFrom } from "./partitioned";

const moment = fc.integer({ min: at("1990-01-01"), max: at("2099-12-31") });
const timeIn = (format: string) => moment.map((ms) => writeTime(parseTimeFormat(format), fieldsAt(ms)));
const text = fc.string({ unit: "binary", minLength: 1, maxLength: 12 });
/** Text that may be a folder's name without escapes. */
const plain = text.filter((value) => !/^[_.]|\/|\$folder\$$|^$/.test(value));
const whole = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(String);
const isoDay = moment.map((ms) => new Date(ms).toISOString().slice(0, 10));
const tuple = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts);

describe("each layout reads what it renders", () => {
  for (const [layout, values] of [
    [hiveFrom("a", "b:int", "c:date"), tuple(text, whole, isoDay)],
    [hiveFrom("year:int", "month", "day"), tuple(timeIn("yyyy"), text, timeIn("dd"))],
    [hiveFrom("a", "b"), tuple(fc.constant(NULL_VALUE), text)],
    [
      layoutFrom("{year}/{month}/{day}/{hour}", "year", "month", "day", "hour"),
      timeIn("yyyy-MM-dd-HH").map((hour) => hour.split("-")),
    ],
    [layoutFrom("{region}/{kind}", "region", "kind"), tuple(plain, plain)],
    [
      layoutFrom("v1/{region}-{year}/dt={dt:dd-MM-yyyy}", "region", "year", "dt:date"),
      tuple(plain, timeIn("yyyy"), isoDay),
    ],
    [
      layoutFrom("{a}-{b}", "a", "b"),
      tuple(
        plain.filter((value) => !value.includes("-")),
        plain,
      ),
    ],
    [layoutFrom("{dt:yyyy/MM/dd/HH}", "dt"), tuple(timeIn("yyyy/MM/dd/HH"))],
    [layoutFrom("{dt:yyyy/MM/dd}", "dt:date"), tuple(isoDay)],
    [
      layoutFrom("AWSLogs/{account}/CloudTrail/{region}/{dt:yyyy/MM/dd}", "account", "region", "dt"),
      tuple(fc.stringMatching(/^\d{12}$/), fc.constantFrom("eu-west-1", "us-east-2"), timeIn("yyyy/MM/dd")),
    ],
    [
      layoutFrom("header__span={span:attunity}", "span"),
      tuple(timeIn("yyyyMMddTHHmmss").map((start) => `${start}_${start}`)),
    ],
    [layoutFrom("{at:epoch}", "at:bigint"), tuple(timeIn("epoch"))],
    [layoutFrom("{at:epoch-ms}", "at"), tuple(timeIn("epoch-ms"))],
    [layoutFrom("{week:week}", "week"), tuple(timeIn("week"))],
    [layoutFrom("{year}/W{week}", "year", "week"), timeIn("YYYY-ww").map((week) => week.split("-"))],
    ...[
      "yyyy-MM-dd",
      "dd-MM-yyyy",
      "yyyy.MM.dd",
      "dd.MM.yyyy",
      "yyyyMMdd",
      "ddMMyyyy",
      "yyyy-MM",
      "yyyyMM",
    ].map((format) => [layoutFrom(`{dt:${format}}`, "dt"), tuple(timeIn(format))] as const),
  ] as const) {
    it(`${layout.name} of ${layout.depth}`, () => {
      fc.assert(
        fc.property(values, (some) => {
          const prefix = layout.render(some);
          fc.pre(prefix !== undefined);
          expect(layout.parse(prefix)).to.deep.equal({ kind: "partition", values: some });
          expect(prefix.split("/")).to.have.length(layout.depth + 1);
        }),
      );
    });
  }

  it("can render unusual values", () => {
    expect(hiveFrom("a").render(["a/b=c:%_"])).to.equal("a=a%2Fb%3Dc%3A%25_/");
    expect(layoutFrom("{a}-{b}", "a", "b").render(["x", "y-z"])).to.equal("x-y-z/");
  });
});

describe("a Hive layout", () => {
  const layout = hiveFrom("region", "dt:date");

  for (const [prefix, values] of [
    ["region=eu/dt=2026-11-21/", ["eu", "2026-11-21"]],
    ["region=a=b/dt=2026-11-21/", ["a=b", "2026-11-21"]],
    ["region=10%3A30/dt=2026-11-21/", ["10:30", "2026-11-21"]],
    ["region=caf%C3%A9/dt=2026-11-21/", ["café", "2026-11-21"]],
    ["region=100%/dt=2026-11-21/", ["100%", "2026-11-21"]],
    [`region=${NULL_VALUE}/dt=${NULL_VALUE}/`, [NULL_VALUE, NULL_VALUE]],
    ["Region=eu/DT=2026-11-21/", ["eu", "2026-11-21"]],
  ] as const) {
    it(`reads ${prefix}`, () => expect(layout.parse(prefix)).to.deep.equal({ kind: "partition", values }));
  }

  for (const [prefix, reason] of [
    ["region=eu/2026-11-21/", '"2026-11-21" is not of the form dt=value'],
    ["dt=2026-11-21/region=eu/", '"dt=2026-11-21" was found where region=... was expected'],
    ["region=eu/dt=2026-02-30/", "not of its type date"],
    ["region=eu/dt=full/", "not of its type date"],
    ["region=/dt=2026-11-21/", "region has no value"],
    ["region=eu/", "it is 1 folders deep, but partitions are 2 deep"],
    ["backup/old/", "is not of the form region=value"],
  ] as const) {
    it(`refuses ${prefix} and says why`, () => {
      expect(layout.parse(prefix))
        .to.include({ kind: "invalid" })
        .and.have.property("reason")
        .that.includes(reason);
    });
  }

  it("accepts numbers, although there is no such day", () => {
    const values = ["2026", "2", "30"];
    const days = hiveFrom("year:int", "month:int", "day:int");
    expect(days.parse("year=2026/month=2/day=30/")).to.deep.equal({ kind: "partition", values });
    expect(days.timeOf(values)).to.equal(undefined);
  });

  for (const prefix of [
    "_temporary/0/",
    "region=eu/.hive-staging_1/",
    "region=eu/_SUCCESS/",
    "x_$folder$/",
    "region=eu//",
  ]) {
    it(`ignores ${prefix}`, () => expect(layout.parse(prefix)).to.include({ kind: "ignored" }));
  }

  it("accepts a key whose name starts with an underscore", () => {
    expect(hiveFrom("_id").parse("_id=4/")).to.deep.equal({ kind: "partition", values: ["4"] });
  });

  it("accepts text that is not a time, without a time", () => {
    const timed = layoutFrom("dt={dt:yyyyMMdd}", "dt");
    expect(timed.parse("dt=unknown/")).to.deep.equal({ kind: "partition", values: ["unknown"] });
    expect(timed.timeOf(["unknown"])).to.equal(undefined);
    expect(timed.timeOf(["20261121"])?.from).to.equal(at("2026-11-21"));
  });
});

describe("a layout of plain folders", () => {
  it("does not take a key's name for a time: update_type is none", () => {
    expect(hiveFrom("update_type").hasTime).to.equal(false);
    expect(layoutFrom("{update_type}", "update_type").parse("full/")).to.deep.equal({
      kind: "partition",
      values: ["full"],
    });
  });

  it("refuses text that is not a time where a time is expected", () => {
    const layout = layoutFrom("{year}/{month}/{day}", "year", "month", "day");
    for (const prefix of ["backup/11/21/", "2026/13/01/", "2026/02/30/", "2026/11/x/"]) {
      expect(layout.parse(prefix), prefix).to.include({ kind: "invalid" });
    }
    expect(layout.parse("2026/7/1/")).to.deep.equal({ kind: "partition", values: ["2026", "7", "1"] });
  });

  it("answers dates as Glue wants them, whatever the folder's format is", () => {
    const layout = layoutFrom("{dt:ddMMyyyy}", "dt:date");
    expect(layout.parse("21112026/")).to.deep.equal({ kind: "partition", values: ["2026-11-21"] });
    expect(layout.render(["2026-11-21"])).to.equal("21112026/");
    expect(layoutFrom("{dt:yyyy-MM}", "dt:date").render(["2026-11-21"])).to.equal(undefined);
  });

  it("finds junk and other folders above the partitions", () => {
    const layout = layoutFrom("{year}/{month}", "year", "month");
    expect(layout.mismatch("2026/")).to.equal(undefined);
    expect(layout.mismatch("_logs/")).to.equal("a hidden folder");
    expect(layout.mismatch("backup/")).to.be.a("string");
  });

  it("finds the partition of an object", () => {
    const layout = layoutFrom("{year}/{month}", "year", "month");
    expect(layout.partitionPrefix("2026/11/part-0/x.json")).to.equal("2026/11/");
    expect(layout.partitionPrefix("2026/x.json")).to.equal(undefined);
  });
});
