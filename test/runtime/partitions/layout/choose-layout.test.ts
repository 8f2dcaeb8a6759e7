import { expect } from "chai";
import { chooseLayout, needsSamples } from "../../../../runtime/partitions/layout/choose-layout";
import { UserError } from "../../../../runtime/shared/errors";
import { keysOf } from "./partitioned";

const days = ["19", "20", "21"];
const choose = (specs: readonly string[], samples: readonly string[], layout?: string) =>
  chooseLayout({ keys: keysOf(...specs), samples, layout });
const under = (prefix: string, names: readonly string[] = days) => names.map((name) => `${prefix}${name}/`);

describe("chooseLayout from the prefixes", () => {
  for (const [name, specs, samples, template] of [
    ["Hive", ["year:int", "month:int"], under("year=2026/month=", ["10", "11"]), "hive"],
    ["Hive below a folder", ["dt"], under("data/dt=2026-11-"), "hive"],
    ["keys one folder each", ["year", "month", "day"], under("2026/11/"), "{year:yyyy}/{month:MM}/{day:dd}"],
    ["keys with any names", ["a", "b", "c"], under("2026/11/"), "{a:yyyy}/{b:MM}/{c:dd}"],
    [
      "Firehose, an hour each",
      ["year", "month", "day", "hour"],
      under("2026/11/21/"),
      "{year:yyyy}/{month:MM}/{day:dd}/{hour:HH}",
    ],
    [
      "days with hours inside",
      ["year", "month", "day"],
      under("2026/11/21/"),
      "{year:yyyy}/{month:MM}/{day:dd}",
    ],
    ["a date over folders", ["dt"], under("2026/11/"), "{dt:yyyy/MM/dd}"],
    ["a date with hours inside", ["dt:date"], under("2026/11/21/"), "{dt:yyyy/MM/dd}"],
    ["a date and an hour", ["dt:date", "hour"], under("2026/11/21/"), "{dt:yyyy/MM/dd}/{hour:HH}"],
    [
      "a day of folders the other way round",
      ["day", "month", "year"],
      ["05/11/2026/", "06/11/2026/"],
      "{day:dd}/{month:MM}/{year:yyyy}",
    ],
    [
      "CloudTrail",
      ["account", "region", "year", "month", "day"],
      under("AWSLogs/123456789012/CloudTrail/eu-west-1/2026/11/"),
      "AWSLogs/{account}/CloudTrail/{region}/{year:yyyy}/{month:MM}/{day:dd}",
    ],
    [
      "a load balancer's logs of one account",
      ["region", "dt"],
      under("123456789012/elasticloadbalancing/eu-west-1/2026/11/"),
      "123456789012/elasticloadbalancing/{region}/{dt:yyyy/MM/dd}",
    ],
    [
      "a region and days",
      ["region", "dt"],
      [...under("eu/2026/11/"), ...under("us/2026/11/")],
      "{region}/{dt:yyyy/MM/dd}",
    ],
    ["ISO weeks", ["week"], under("2026-W", ["45", "46"]), "{week:YYYY-Www}"],
    ["weeks below years", ["year", "week"], under("2026/", ["46", "47"]), "{year:YYYY}/{week:ww}"],
    ["seconds", ["at:bigint"], ["1793318400/", "1793322000/"], "{at:epoch}"],
    ["milliseconds", ["at:bigint"], ["1793318400000/", "1793322000000/"], "{at:epoch-ms}"],
    ["numbers that are not seconds", ["customer:bigint"], ["1793318401/", "1793322017/"], "{customer}"],
    [
      "text that is not a time, whatever the key's name",
      ["update_type"],
      ["full/", "delta/"],
      "{update_type}",
    ],
    ...(
      [
        ["yyyy-MM-dd", "2026-11-21"],
        ["dd-MM-yyyy", "21-11-2026"],
        ["yyyy.MM.dd", "2026.11.21"],
        ["dd.MM.yyyy", "21.11.2026"],
        ["yyyyMMdd", "20261121"],
        ["ddMMyyyy", "21112026"],
        ["yyyy-MM", "2026-11"],
        ["yyyyMM", "202611"],
      ] as const
    ).map(([format, text]) => [format, ["dt"], [`${text}/`], `{dt:${format}}`] as const),
  ] as const) {
    it(`finds ${name}`, () => {
      const layout = choose(specs, samples);
      expect(layout?.name).to.equal(template);
      expect(layout?.parse(samples[0]?.split("/").slice(0, layout.depth).join("/") + "/")).to.include({
        kind: "partition",
      });
    });
  }

  it("finds an Attunity header, whatever the key's name, by its start", () => {
    const layout = choose(["span"], ["header__partition_name=20261121T150000_20261121T160000/"]);
    expect(layout?.parse("header__partition_name=20261121T150000_20261121T160000/")).to.deep.equal({
      kind: "partition",
      values: ["20261121T150000_20261121T160000"],
    });
    expect(new Date(layout?.timeOf(["20261121T150000_20261121T160000"])?.from ?? 0).toISOString()).to.include(
      "2026-11-21T15:00:00",
    );
  });

  it("finds times in Hive's folders by their text, not by the key's name", () => {
    expect(choose(["update_type"], ["update_type=full/"])?.hasTime).to.equal(false);
    expect(choose(["snapshot"], under("snapshot=2026-11-"))?.hasTime).to.equal(true);
    expect(choose(["date"], ["date=latest/"])?.hasTime).to.equal(false);
    const dates = choose(["dt:date"], under("dt=202611"));
    expect(dates?.parse("dt=20261121/")).to.deep.equal({ kind: "partition", values: ["2026-11-21"] });
  });

  it("gives the layout a name that tells days from months, even if a single folder does not", () => {
    const layout = choose(["dt"], ["dt=21-11-2026/", "dt=03-04-2026/"]);
    expect(layout?.name).to.equal("dt={dt:dd-MM-yyyy}");
    expect(choose(["dt"], ["dt=03-04-2026/"], layout?.name)?.name).to.equal("dt={dt:dd-MM-yyyy}");
  });

  it("follows most of the samples, so that one other folder does not matter", () => {
    const layout = choose(["dt"], ["backup/", "dt=2026-11-20/", "dt=2026-11-21/"]);
    expect(layout?.parse("backup/")).to.include({ kind: "invalid" });
    expect(choose(["dt"], ["backup/", ...under("2026-11-", ["18", "19", "20", "21"])])?.name).to.equal(
      "{dt:yyyy-MM-dd}",
    );
  });

  it("ignores junk, and has no layout while there is nothing", () => {
    expect(choose(["dt"], ["_temporary/0/", "dt=2026-11-21/"])?.name).to.equal("hive");
    expect(choose(["dt"], [])).to.equal(undefined);
    expect(choose(["dt"], ["_temporary/"])).to.equal(undefined);
  });

  for (const [name, specs, samples, ...messages] of [
    ["days that may be months", ["dt"], ["03-04-2026/"], "{dt:dd-MM-yyyy} , {dt:MM-dd-yyyy}"],
    [
      "days that may be months in Hive",
      ["dt"],
      ["dt=03.04.2026/"],
      "dt={dt:dd.MM.yyyy} , dt={dt:MM.dd.yyyy}",
    ],
    ["a key that may be days or hours", ["dt"], under("2026/11/21/"), "{dt:yyyy/MM/dd/HH} , {dt:yyyy/MM/dd}"],
    ["one folder more than keys, all alike", ["a"], ["x/y/"], "{a}"],
    [
      "Hive in another order",
      ["year", "month"],
      ["month=11/year=2026/"],
      "another order",
      "month={month}/year={year}",
    ],
    ["Hive of other keys", ["year", "month"], ["jahr=2026/monat=11/"], "jahr, monat", "year, month"],
    [
      "too few folders",
      ["year", "month", "day"],
      ["2026/"],
      "do not show where the keys year, month, day are",
    ],
    [
      "a key named year whose values are not years",
      ["year"],
      ["full/", "delta/"],
      "do not show where the keys year are",
    ],
    [
      "a key of type date whose values are not dates",
      ["dt:date"],
      ["full/"],
      "do not show where the keys dt are",
    ],
  ] as const) {
    it(`refuses ${name}, and names the parameter to set`, () => {
      const refusal = expect(() => choose(specs, samples)).to.throw(UserError, "strata.partitions.layout");
      for (const message of messages) refusal.with.property("message").that.includes(message);
    });
  }
});

describe("chooseLayout from the setting", () => {
  it("accepts a template without samples", () => {
    expect(needsSamples("{dt:dd-MM-yyyy}")).to.equal(false);
    expect(choose(["dt"], [], "{dt:dd-MM-yyyy}")?.name).to.equal("{dt:dd-MM-yyyy}");
    expect(needsSamples(undefined)).to.equal(true);
    expect(needsSamples("hive")).to.equal(true);
  });

  for (const [setting, specs, sample, values] of [
    ["hive", ["dt"], "dt=2026-11-21/", ["2026-11-21"]],
    ["firehose", ["dt"], "2026/11/21/13/", ["2026/11/21/13"]],
    ["firehose", ["dt:date"], "2026/11/21/13/", ["2026-11-21"]],
    ["firehose", ["dt", "hour"], "2026/11/21/13/", ["2026/11/21", "13"]],
    ["firehose", ["y", "m", "d", "h"], "2026/11/21/13/", ["2026", "11", "21", "13"]],
    ["cloudtrail", ["region", "dt"], "eu-west-1/2026/11/21/", ["eu-west-1", "2026/11/21"]],
    ["attunity", ["span"], "header__x=20261121T150000_20261121T160000/", ["20261121T150000_20261121T160000"]],
    ["epoch", ["at"], "1793318401/", ["1793318401"]],
    ["epoch", ["at"], "at=1793318401000/", ["1793318401000"]],
    ["week", ["week"], "2026/W47/", ["2026/W47"]],
    ["week", ["year", "week"], "2026/47/", ["2026", "47"]],
    ["week", ["week"], "week=2026W47/", ["2026W47"]],
  ] as const) {
    it(`reads ${sample} as ${setting} of ${specs.join(", ")}`, () => {
      const layout = choose(specs, [sample], setting);
      const prefix = layout?.partitionPrefix(sample) ?? "";
      expect(layout?.parse(prefix)).to.deep.equal({ kind: "partition", values });
      expect(layout?.timeOf(values)).to.not.equal(undefined);
    });
  }

  it("refuses an unknown name, and a name that does not match the folders", () => {
    expect(() => choose(["dt"], ["x/"], "hvie")).to.throw(
      UserError,
      'layout is "hvie". Set it to one of hive',
    );
    expect(() => choose(["dt"], ["x/"], "firehose")).to.throw(UserError, "do not have the layout firehose");
    expect(() => choose(["a", "b"], ["1793318401/"], "epoch")).to.throw(
      UserError,
      "do not have the layout epoch",
    );
  });
});
