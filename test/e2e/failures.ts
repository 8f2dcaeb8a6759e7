import { DeleteBucketPolicyCommand, ListBucketsCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { TestPlatform } from "./running-platform";

interface Built {
  readonly counts: Readonly<Record<string, number>>;
}
interface Shown {
  readonly targets: readonly {
    readonly failure?: {
      readonly kind: string;
      readonly message: string;
      readonly lastLines: readonly string[];
    };
  }[];
  readonly layers: readonly { readonly region: string; readonly status: string }[];
}

/** The exit code of a build of which some targets failed. */
const SOME_FAILED = 2;

/** What fails, fails alone, with its reason kept. */
export function failureTests(platform: () => TestPlatform): void {
  const build = (args: readonly string[], code = 0) =>
    platform().json<Built>(["layers", "build", ...args, "--python", "3.13", "--architecture", "x86_64"], {
      code,
    });
  const show = (name: string) => platform().json<Shown>(["layers", "show", name]);

  describe("a package that cannot be built", () => {
    it("fails with its cause and the tool's last lines, while the others go on", async () => {
      const unknown = "strata-has-no-such-package";
      const conflict = "requests[socks]";
      const { counts } = await build(
        [unknown, "six", `${conflict}==2.31.0,!=2.31.0`, "mysqlclient"],
        SOME_FAILED,
      );
      expect(counts).to.include({ targets: 4, built: 1, failed: 3, published: 2 });
      const kinds = await Promise.all(
        [unknown, conflict, "mysqlclient"].map(async (name) => (await show(name)).targets[0]?.failure),
      );
      expect(kinds.map((failure) => failure?.kind)).to.deep.equal(["not-found", "conflict", "no-wheel"]);
      for (const failure of kinds) {
        expect(failure?.message).to.have.length.greaterThan(20);
        expect(failure?.lastLines).not.to.be.empty;
      }
      const { stdout } = await platform().strata(["layers", "show", unknown]);
      expect(stdout)
        .to.match(/not-found/)
        .and.match(/ {4}\| /);
    });
  });

  describe("a region that refuses", () => {
    it("does not hold up the others, and a second run completes only that one", async () => {
      const connection = platform().connection();
      const s3 = connection.s3("eu-west-1");
      const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
      const bucket = Buckets.find(({ Name }) => Name?.startsWith("strata-artifacts-eu-west-1"))?.Name;
      const policy = {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: `arn:aws:s3:::${bucket}/*` },
        ],
      };
      await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify(policy) }));
      const refused = await build(["attrs"], SOME_FAILED);
      expect(refused.counts).to.include({ built: 1, failed: 0, published: 1, refused: 1 });
      expect((await show("attrs")).layers.map(({ region }) => region)).to.deep.equal(["us-east-1"]);
      await s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
      const completed = await build(["attrs"]);
      expect(completed.counts).to.include({ built: 0, unchanged: 1, published: 1, refused: 0 });
      const regions = (await show("attrs")).layers.map(({ region }) => region);
      expect(regions.sort()).to.deep.equal(["eu-west-1", "us-east-1"]);
    });
  });
}
