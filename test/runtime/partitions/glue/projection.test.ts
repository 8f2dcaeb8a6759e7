import { expect } from "chai";
import { adviseProjection } from "../../../../runtime/partitions/glue/projection";
import { parseLocation } from "../../../../runtime/partitions/lake/location";
import { NULL_VALUE } from "../../../../runtime/partitions/layout/partition-keys";
import { hiveFrom, keysOf, layoutFrom } from "../layout/partitioned";

const now = new Date("2026-11-21T12:00:00Z");

function advise(
  template: string,
  specs: readonly string[],
  values: readonly (readonly string[])[],
  location = "s3://lake/raw",
) {
  const layout = template === "hive" ? hiveFrom(...specs) : layoutFrom(template, ...specs);
  return adviseProjection({ keys: keysOf(...specs), layout, location: parseLocation(location), values, now });
}

describe("adviseProjection", () => {
  it("answers the properties for dates, numbers and text with a few values", () => {
    const advice = advise(
      "{region}/{dt:yyyy/MM/dd}/{shard}",
      ["region", "dt", "shard:int"],
      [
        ["us", "2026/11/02", "12"],
        ["eu", "2026/11/01", "3"],
      ],
    );
    expect(advice).to.deep.include({
      eligible: true,
      properties: {
        "projection.enabled": "true",
        "projection.region.type": "enum",
        "projection.region.values": "eu,us",
        "projection.dt.type": "date",
        "projection.dt.format": "yyyy/MM/dd",
        "projection.dt.range": "2026/11/01,NOW",
        "projection.dt.interval": "1",
        "projection.dt.interval.unit": "DAYS",
        "projection.shard.type": "integer",
        "projection.shard.range": "3,12",
        "storage.location.template": "s3://lake/raw/${region}/${dt}/${shard}/",
      },
    });
  });

  it("projects years, months and days as padded numbers", () => {
    const specs = ["year:int", "month", "day"];
    expect(advise("hive", specs, [["2026", "01", "07"]], "s3a://lake")).to.deep.include({
      eligible: true,
      properties: {
        "projection.enabled": "true",
        "projection.year.type": "integer",
        "projection.year.range": "2026,2036",
        "projection.year.digits": "4",
        "projection.month.type": "integer",
        "projection.month.range": "1,12",
        "projection.month.digits": "2",
        "projection.day.type": "integer",
        "projection.day.range": "1,31",
        "projection.day.digits": "2",
        "storage.location.template": "s3://lake/year=${year}/month=${month}/day=${day}/",
      },
    });
    const unpadded = advise("hive", specs, [["2026", "1", "07"]]);
    expect(unpadded).to.have.property("properties").that.does.not.include.keys("projection.month.digits");
  });

  for (const [format, unit] of [
    ["yyyy-MM", "MONTHS"],
    ["yyyy-MM-dd-HH", "HOURS"],
  ] as const) {
    it(`counts ${format} in ${unit}`, () => {
      const value = format === "yyyy-MM" ? "2026-11" : "2026-11-21-13";
      const advice = advise(`{dt:${format}}`, ["dt"], [[value]]);
      expect(advice).to.have.property("properties").that.includes({ "projection.dt.interval.unit": unit });
    });
  }

  it("finds the oldest by its time, not by its text", () => {
    const advice = advise("{dt:dd-MM-yyyy}", ["dt"], [["01-02-2026"], ["02-01-2026"]]);
    expect(advice).to.have.property("properties").that.includes({ "projection.dt.range": "02-01-2026,NOW" });
  });

  it("reaches as far ahead as the newest partition", () => {
    const rangeOf = (template: string, spec: string, ...values: readonly string[]) => {
      const advice = advise(
        template,
        [spec],
        values.map((value) => [value]),
      );
      return advice.eligible
        ? Object.entries(advice.properties).find(([name]) => name.endsWith("range"))?.[1]
        : "";
    };
    expect(rangeOf("hive", "dt:date", "2026-11-20", "2026-11-28")).to.equal("2026-11-20,NOW+7DAYS");
    expect(rangeOf("hive", "year", "2026", "2099")).to.equal("2026,2099");
  });

  it("finds the oldest among thousands of days", () => {
    const days = Array.from({ length: 12_000 }, (_, index) => [
      new Date(now.getTime() - index * 86_400_000).toISOString().slice(0, 10),
    ]);
    const oldest = days.at(-1)?.[0] ?? "";
    expect(advise("hive", ["dt:date"], days))
      .to.have.property("properties")
      .that.includes({ "projection.dt.range": `${oldest},NOW` });
  });

  for (const [name, template, specs, values, reason] of [
    ["there are no partitions", "{a}", ["a"], [], "no partitions yet"],
    [
      "there are too many texts",
      "{a}",
      ["a"],
      Array.from({ length: 40 }, (_, n) => [`v${n}`]),
      "40 different values",
    ],
    ["a text has a comma", "{a}", ["a"], [["x,y"]], "with a comma"],
    ["values are missing", "hive", ["a"], [[NULL_VALUE]], "without a value"],
    ["folders are escaped", "hive", ["a"], [["10:30"]], "differently than projection would"],
    [
      "a date is written differently than Glue stores it",
      "{dt:yyyyMMdd}",
      ["dt:date"],
      [["2026-11-21"]],
      "differently than projection would",
    ],
    [
      "months are padded or not",
      "hive",
      ["year", "month"],
      [
        ["2026", "1"],
        ["2026", "02"],
      ],
      "with and without a leading zero",
    ],
    ["numbers are padded", "{n}", ["n:int"], [["07"]], "leading zeros"],
    ["keys are intervals", "{a:attunity}", ["a"], [["20261121T150000_20261121T160000"]], "intervals"],
    ["keys are weeks", "{a:week}", ["a"], [["2026-W47"]], "weeks or seconds"],
    ["keys are seconds", "{a:epoch}", ["a"], [["1793318400"]], "weeks or seconds"],
  ] as const) {
    it(`says why not if ${name}`, () => {
      const advice = advise(template, specs, values);
      expect(advice).to.include({ eligible: false }).and.have.property("reason").that.includes(reason);
    });
  }
});
