import { expect } from "chai";
import { create as catalogLoad } from "../../runtime/catalog/load.lambda";
import { create as announce } from "../../runtime/layers/announce.lambda";
import { create as compare } from "../../runtime/layers/compare.lambda";
import { create as gather } from "../../runtime/layers/gather.lambda";
import { create as plan } from "../../runtime/layers/plan.lambda";
import { create as publish } from "../../runtime/layers/publish.lambda";
import { create as record } from "../../runtime/layers/record.lambda";
import { create as sign } from "../../runtime/layers/sign.lambda";
import { create as layerIndex } from "../../runtime/layer-index/api.lambda";
import { create as packageHandle } from "../../runtime/specs/handle.lambda";
import { create as packageIndex } from "../../runtime/specs/package-index.lambda";
import { create as advise } from "../../runtime/partitions/advise.lambda";
import { create as notice } from "../../runtime/partitions/object-events.lambda";
import { create as summarize } from "../../runtime/partitions/summarize.lambda";
import { create as survey } from "../../runtime/partitions/survey.lambda";
import { create as sync } from "../../runtime/partitions/sync.lambda";
import { createLogger } from "../../runtime/shared/log";
import { recordProgram } from "./recorded-program";
import type { RecordedResource } from "./recorded-resources";
import { ownVariablesOf } from "./recorded-queries";

type Create = (environment: NodeJS.ProcessEnv, log: ReturnType<typeof createLogger>) => unknown;

const FUNCTIONS: Readonly<Record<string, Create>> = {
  "catalog-load": catalogLoad,
  "index-api": layerIndex,
  "layers-announce": announce,
  "layers-compare": compare,
  "layers-gather": gather,
  "layers-plan": plan,
  "layers-publish": publish,
  "layers-record": record,
  "layers-sign": sign,
  "specs-handle": packageHandle,
  "specs-package-index": packageIndex,
  "partitions-advise": advise,
  "partitions-object-events": notice,
  "partitions-summarize": summarize,
  "partitions-survey": survey,
  "partitions-sync": sync,
};

describe("the environments of the functions", () => {
  let resources: RecordedResource[];
  before(async function () {
    this.timeout(60_000);
    resources = await recordProgram("local");
  });

  for (const [name, create] of Object.entries(FUNCTIONS)) {
    it(`say all that ${name} needs, and nothing that it doesn't read`, () => {
      const told = ownVariablesOf(resources, name);
      const read = new Set<string | symbol>();
      const environment = new Proxy(told, {
        get: (values, key) => {
          read.add(key);
          return values[key as string];
        },
      });
      create(environment, createLogger("test"));
      expect([...read]).to.include.members(Object.keys(told));
    });
  }
});
