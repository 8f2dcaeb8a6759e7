import { expect } from "chai";
import fc from "fast-check";
import { fieldsAt } from "../../../../runtime/partitions/layout/moment";
import { writeTime } from "../../../../runtime/partitions/layout/time-format";
import { planWindow } from "../../../../runtime/partitions/layout/window";
import { at, hiveFrom, layoutFrom } from "./partitioned";

const window = { from: at("2026-10-30"), to: at("2026-11-02") };
const firehose = layoutFrom("logs/{year:yyyy}/{month:MM}/{day:dd}/{hour:HH}", "year", "month", "day", "hour");

describe("nextFolders", () => {
  it("names folders of time without listing", () => {
    expect(firehose.nextFolders("", window)).to.deep.equal({ children: ["logs/"] });
    expect(firehose.nextFolders("logs/", window)).to.deep.equal({ children: ["logs/2026/"] });
    expect(firehose.nextFolders("logs/2026/", window)).to.deep.equal({
      children: ["logs/2026/10/", "logs/2026/11/"],
    });
    expect(firehose.nextFolders("logs/2026/11/", window)).to.deep.equal({ children: ["logs/2026/11/01/"] });
  });

  it("lists partitions themselves, because only S3 knows which exist", () => {
    expect(firehose.nextFolders("logs/2026/11/01/", window)).to.not.have.property("children");
    expect(layoutFrom("{dt:yyyyMMdd}", "dt").nextFolders("", window)).to.deep.equal({
      startAfter: "20261030",
    });
  });

  it("starts listing at the window if names sort like their times", () => {
    expect(layoutFrom("dt={dt:yyyy-MM-dd}", "dt").nextFolders("", window)).to.deep.equal({
      startAfter: "dt=2026-10-30",
    });
    expect(layoutFrom("dt={dt:dd-MM-yyyy}", "dt").nextFolders("", window)).to.deep.equal({});
    expect(
      layoutFrom("{day:dd}/{month:MM}/{year:yyyy}", "day", "month", "year").nextFolders("", window),
    ).to.deep.equal({});
  });

  it("lists everything if leading zeros are optional, if there is no time, and in a full run", () => {
    expect(hiveFrom("year", "month").nextFolders("year=2026/", window)).to.deep.equal({});
    expect(hiveFrom("region").nextFolders("", window)).to.deep.equal({});
    expect(firehose.nextFolders("logs/", {})).to.deep.equal({});
  });
});

describe("mayContain", () => {
  it("is true only for folders that overlap the window", () => {
    for (const prefix of [
      "logs/",
      "logs/2026/",
      "logs/2026/10/",
      "logs/2026/10/31/",
      "logs/2026/11/01/23/",
    ]) {
      expect(firehose.mayContain(prefix, window), prefix).to.equal(true);
    }
    for (const prefix of ["logs/2025/", "logs/2026/09/", "logs/2026/10/29/", "logs/2026/11/02/00/"]) {
      expect(firehose.mayContain(prefix, window), prefix).to.equal(false);
    }
  });

  it("is true for folders and layouts without time", () => {
    expect(hiveFrom("year", "month").mayContain("year=__HIVE_DEFAULT_PARTITION__/", window)).to.equal(true);
    expect(layoutFrom("{day}/{month}/{year}", "day", "month", "year").mayContain("03/", window)).to.equal(
      true,
    );
    expect(hiveFrom("region").mayContain("region=eu/", window)).to.equal(true);
  });

  it("never loses a partition in the window on the way down", () => {
    const layouts = [
      firehose,
      hiveFrom("year", "month", "day"),
      layoutFrom("{region}/{dt:yyyy/MM/dd}", "region", "dt"),
      layoutFrom("{year}/W{week:ww}", "year", "week"),
      layoutFrom("{dt:dd.MM.yyyy}", "dt"),
      layoutFrom("dt={dt:yyyy-MM}", "dt"),
    ];
    const day = fc.integer({ min: 7305, max: 40_000 }).map((days) => days * 86_400_000);
    fc.assert(
      fc.property(
        fc.constantFrom(...layouts),
        day,
        fc.nat(30),
        fc.nat(2_000_000_000),
        (layout, today, back, offset) => {
          const reach = planWindow({}, { lookBackDays: back, lookAheadDays: 1 }, {}, new Date(today));
          const inside = (reach.from ?? 0) + (offset % ((reach.to ?? 0) - (reach.from ?? 0)));
          const prefix = layout.render(layout.template.times.map((_, index) => spell(layout, index, inside)));
          let above = "";
          for (const folder of (prefix ?? "").split("/").slice(0, -1)) {
            const { children, startAfter } = layout.nextFolders(above, reach);
            above += `${folder}/`;
            expect(children ?? [above]).to.include(above);
            if (startAfter !== undefined)
              expect(above > startAfter, `${above} after ${startAfter}`).to.equal(true);
            expect(layout.mayContain(above, reach), above).to.equal(true);
          }
          expect(above).to.equal(prefix);
        },
      ),
    );
  });
});

function spell(layout: ReturnType<typeof layoutFrom>, index: number, moment: number): string {
  const pieces = layout.template.times[index];
  return pieces === undefined ? "eu" : writeTime(pieces, fieldsAt(moment));
}
