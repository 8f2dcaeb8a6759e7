import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { createLogger } from "../../../runtime/shared/log";
import { STAGES, recordProgram } from "../recorded-program";
import type { RecordedResource } from "../recorded-resources";
import { ofType, ownVariablesOf } from "../recorded-queries";

interface Entry {
  /** The modules whose handler takes no environment have none. */
  readonly create?: (environment: NodeJS.ProcessEnv, log: ReturnType<typeof createLogger>) => unknown;
}

/** The entry that a function runs as a zip: `<service>/<name>`. An inline handler has none, and an image does not name it. */
async function entryOf({ inputs }: RecordedResource): Promise<string | undefined> {
  if (inputs["packageType"] === "Image") return undefined;
  const { "index.js": code } = await (inputs["code"] as pulumi.asset.AssetArchive).assets;
  const file = await (code as Partial<pulumi.asset.FileAsset>).path;
  return /^\/bundles\/(.*)\/index\.js$/.exec(file ?? "")?.[1];
}

describe("the environments of the functions", () => {
  let requirements: string;
  before(() => {
    requirements = fs.mkdtempSync(path.join(os.tmpdir(), "strata-requirements-"));
    fs.writeFileSync(path.join(requirements, "installed"), "3.13");
  });
  after(() => {
    fs.rmSync(requirements, { recursive: true });
  });

  for (const stage of STAGES)
    it(`say all that each function of stage ${stage} needs, in its shape, and nothing that it doesn't read`, async function () {
      this.timeout(60_000);
      const resources = await recordProgram(stage);
      // What the image has, and the host where there is none.
      const image = {
        STRATA_UV: "/opt/uv",
        STRATA_PYTHONS: '{"3.13":"/opt/python3.13"}',
        STRATA_SPEC_REQUIREMENTS: requirements,
      };
      let checked = 0;
      for (const lambda of ofType(resources, "aws:lambda/function:Function")) {
        const entry = await entryOf(lambda);
        if (entry === undefined) continue;
        const told = ownVariablesOf(resources, lambda.name);
        const { create } = module.require(`../../../runtime/${entry}.lambda`) as Entry;
        const read = new Set<string | symbol>();
        const environment = new Proxy<Record<string, string>>(
          { ...image, ...told },
          {
            get: (values, key) => {
              read.add(key);
              return values[key as string];
            },
          },
        );
        expect(() => create?.(environment, createLogger("test")), lambda.name).not.to.throw();
        expect([...read], lambda.name).to.include.members(Object.keys(told));
        checked += 1;
      }
      // Only locally do tool functions run as zips.
      expect(checked).to.be.greaterThan(stage === "local" ? 15 : 10);
    });
});
