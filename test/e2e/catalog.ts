import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { type TestPlatform, eventually } from "./running-platform";

interface Shown {
  readonly active: { readonly version: number; readonly packages: number };
  readonly refusals: readonly {
    readonly problems: readonly { readonly file: string; readonly line: number; readonly reason: string }[];
  }[];
}

/** Catalogs that somebody uploads manually. */
export function catalogTests(platform: () => TestPlatform): void {
  describe("an uploaded catalog", () => {
    const show = () => platform().json<Shown>(["catalog", "show"]);
    const s3 = () => platform().connection().s3();
    const object = (file: string) => ({
      Bucket: platform().connection().outputs.catalog.bucket,
      Key: `catalog/${file}`,
    });
    const read = async (file: string) => {
      const { Body } = await s3().send(new GetObjectCommand(object(file)));
      return (await Body?.transformToString()) ?? "";
    };
    const upload = (file: string, Body: string) => s3().send(new PutObjectCommand({ ...object(file), Body }));
    const reload = async () => upload("config.json", await read("config.json"));

    it("is refused whole with file, line and reason when a row is wrong, and the active catalog stays active", async () => {
      const before = await show();
      const good = await read("packages_3.13.csv");
      await upload(
        "packages_3.13.csv",
        `${good.trimEnd()}\n../../etc/passwd,MIT,nobody,\na; rm -rf,MIT,nobody,\nRequests,MIT,nobody,\n`,
      );
      await reload();
      const refused = await eventually("the refusal", 30, async () => {
        const shown = await show();
        return shown.refusals.length > before.refusals.length ? shown : undefined;
      });
      expect(refused.active).to.deep.equal(before.active);
      const problems = refused.refusals[0]?.problems ?? [];
      const first = good.trimEnd().split("\n").length + 1;
      expect(problems.map(({ file, line }) => `${file}:${line}`)).to.deep.equal(
        [first, first + 1, first + 2].map((line) => `packages_3.13.csv:${line}`),
      );
      for (const { reason } of problems) expect(reason).to.have.length.greaterThan(10);
      await upload("packages_3.13.csv", good);
    });

    it("becomes active as a new version, and the bus starts a run that builds what was added", async () => {
      const before = await show();
      const good = await read("packages_3.13.csv");
      await upload("packages_3.13.csv", `${good.trimEnd()}\niniconfig,MIT,pytest,\n`);
      await reload();
      const after = await eventually("the new version", 30, async () => {
        const shown = await show();
        return shown.active.version > before.active.version ? shown : undefined;
      });
      expect(after.active.packages).to.equal(before.active.packages + 1);
      const built = await eventually("the layer", 120, async () => {
        const answer = await fetch(
          `${platform().connection().outputs.api.url}/api/v2/p3.13/layers/eu-west-1/iniconfig`,
        );
        return answer.status === 200
          ? ((await answer.json()) as readonly { readonly arn: string }[])
          : undefined;
      });
      expect(built[0]?.arn).to.match(/layer:strata-p313-iniconfig:1$/);
      await upload("packages_3.13.csv", good);
      await reload();
      await eventually("the previous catalog", 30, async () => {
        const shown = await show();
        return shown.active.packages === before.active.packages ? shown : undefined;
      });
    });
  });
}
