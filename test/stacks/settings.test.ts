import { expect } from "chai";
import { type RawSettings, SETTING_KEYS, SettingsError, parseSettings } from "../../stacks/settings/settings";

const good: RawSettings = {
  pythons: '["3.12","3.13"]',
  architectures: '["x86_64","arm64"]',
  regions: '["us-east-1","eu-west-1"]',
  catalog: "test",
  layerPrefix: "strata",
  layerVisibility: "private",
  layerOrganizationId: "",
  layerExpiryDays: "365",
  schedules: "false",
  layerBuildSchedule: "rate(7 days)",
  layerBuildConcurrency: "10",
  toolFunctions: "image",
  builderImages: "{}",
  retainData: "false",
  tlsOnly: "true",
  logRetentionDays: "14",
  notificationEmail: "",
  packageIndexVisibility: "private",
  specConcurrency: "5",
  specRollout: "{}",
  specCanarySchedule: "rate(1 hour)",
  partitionDatabases: '["*_raw"]',
  partitionExcludedDatabases: "[]",
  partitionBuckets: "[]",
  partitionGlueCatalogId: "",
  partitionSchedule: "rate(1 hour)",
  partitionConcurrency: "10",
  partitionLookBackDays: "3",
  partitionLookAheadDays: "0",
  partitionFreshnessHours: "48",
  partitionEvents: "false",
};

function refusal(change: RawSettings, homeRegion: string | undefined = "us-east-1"): string {
  try {
    parseSettings({ ...good, ...change }, "dev", homeRegion);
  } catch (error) {
    expect(error).to.be.instanceOf(SettingsError);
    return (error as Error).message;
  }
  throw new Error("was accepted");
}

describe("settings", () => {
  it("takes text as Pulumi keeps it and gives typed values", () => {
    const settings = parseSettings(good, "dev", "us-east-1");
    expect(settings.stage).to.deep.include({
      pythons: ["3.12", "3.13"],
      schedules: false,
      stage: "dev",
      homeRegion: "us-east-1",
    });
    expect(settings.layers).to.deep.include({ layerPrefix: "strata", layerExpiryDays: 365 });
    expect(Object.keys(good).sort()).to.deep.equal([...SETTING_KEYS].sort());
  });

  const cases: [string, RawSettings, RegExp][] = [
    [
      "a Python",
      { pythons: '["3.13","2.7"]' },
      /strata:pythons\[1\]: "2\.7" was given; it must be a Python minor/,
    ],
    ["no list", { pythons: "3.13" }, /strata:pythons: 3\.13 was given; it must be a list/],
    ["an empty list", { regions: "[]" }, /strata:regions: \[\] was given; it must name at least one/],
    [
      "a double",
      { architectures: '["arm64","arm64"]' },
      /strata:architectures: .*must not name anything twice/,
    ],
    ["an architecture", { architectures: '["amd64"]' }, /"amd64" was given; it must be one of x86_64, arm64/],
    ["a catalog", { catalog: "mine" }, /strata:catalog: "mine" was given; it must be one of test, prod/],
    [
      "a visibility",
      { layerVisibility: "all" },
      /"all" was given; it must be one of public, organization, private/,
    ],
    [
      "a number",
      { layerExpiryDays: "soon" },
      /strata:layerExpiryDays: "soon" was given; it must be a whole number from 1 to 3650/,
    ],
    [
      "a retention",
      { logRetentionDays: "15" },
      /strata:logRetentionDays: 15 was given; it must be one of 1, 3, 5/,
    ],
    ["a truth value", { schedules: "on" }, /strata:schedules: "on" was given; it must be true or false/],
    ["a missing key", { layerPrefix: undefined }, /strata:layerPrefix: nothing was given; it must be/],
    ["a prefix", { layerPrefix: "a b" }, /"a b" was given; it must be 1 to 15 letters/],
    [
      "an image without digest",
      { builderImages: '{"3.13-arm64":"repo:latest"}' },
      /strata:builderImages\[3\.13-arm64\]: "repo:latest" was given; it must be an image by its digest/,
    ],
    [
      "an image for a tool that there is not",
      { builderImages: `{"3.13-arm46":"repo@sha256:${"a".repeat(64)}"}` },
      /strata:builderImages\[3\.13-arm46\]: .*must be one of 3\.12-x86_64, .*, specs-build, specs-canary$/,
    ],
    [
      "an organization that is missing",
      { layerVisibility: "organization" },
      /strata:layerOrganizationId: nothing was given/,
    ],
    ["a home that is not first", { regions: '["eu-west-1"]' }, /its first must be aws:region, us-east-1/],
    ["all beside others", { regions: '["all","eu-west-1"]' }, /all must stand alone/],
    [
      "a Python no image is built for",
      { pythons: '["3.11"]' },
      /\["3\.11"\] was given; images are built for 3\.12/,
    ],
    ["an address", { notificationEmail: "me" }, /"me" was given; it must be empty or an e-mail address/],
    [
      "a time",
      { specCanarySchedule: "hourly" },
      /strata:specCanarySchedule: "hourly" was given; it must be rate/,
    ],
    [
      "a version that is no text",
      { specRollout: '{"build":{"stableVersion":7,"newestPercent":10}}' },
      /strata:specRollout\[build\]\[stableVersion\]: 7 was given; it must be the number of a published version in quotes/,
    ],
    [
      "a share that is everything",
      { specRollout: '{"handle":{"stableVersion":"7","newestPercent":100}}' },
      /\[handle\]\[newestPercent\]: 100 was given; it must be a whole number from 0 to 99/,
    ],
    [
      "a rollout of something else",
      { specRollout: '{"index":{}}' },
      /strata:specRollout\[index\]: no such setting/,
    ],
    [
      "a rollout without version",
      { specRollout: '{"build":{"newestPercent":1}}' },
      /\[stableVersion\]: nothing was given/,
    ],
    [
      "a database",
      { partitionDatabases: '["Sales{1,2}"]' },
      /strata:partitionDatabases\[0\]: "Sales\{1,2\}" was given; it must be lower-case/,
    ],
    [
      "no database",
      { partitionDatabases: "[]" },
      /strata:partitionDatabases: \[\] was given; it must name at least one/,
    ],
    ...["*", "**", "a*", "lake/raw", "Lake"].map((bucket): [string, RawSettings, RegExp] => [
      `the bucket ${bucket}`,
      { partitionBuckets: JSON.stringify([bucket]) },
      /strata:partitionBuckets\[0\]: .* was given; it must be the name of a bucket/,
    ]),
    [
      "events of no bucket",
      { partitionEvents: "true" },
      /strata:partitionBuckets: \[\] was given; partitionEvents needs the buckets/,
    ],
    [
      "a catalog's account",
      { partitionGlueCatalogId: "12345" },
      /"12345" was given; it must be empty or an account/,
    ],
    ["an unknown key", { colour: "red" }, /strata:colour: no such setting/],
  ];
  for (const [what, change, message] of cases) {
    it(`names the key, what was given and what is allowed: ${what}`, () => {
      expect(refusal(change))
        .to.match(message)
        .and.match(/^Pulumi\.dev\.yaml cannot be used:/);
    });
  }

  it("takes rollouts, and patterns of buckets and databases", () => {
    const specRollout = { build: { stableVersion: "7", newestPercent: 10 } };
    const partitionBuckets = ["lake", "acme-*-raw", "*-lake"];
    const changes = {
      specRollout: JSON.stringify(specRollout),
      partitionBuckets: JSON.stringify(partitionBuckets),
      // An account is text, although it looks like a number.
      partitionGlueCatalogId: "012345678901",
    };
    const { specs, partitions } = parseSettings({ ...good, ...changes }, "dev", "us-east-1");
    expect(specs).to.deep.include({ specRollout });
    expect(partitions).to.deep.include({ partitionBuckets, partitionGlueCatalogId: "012345678901" });
  });

  it("lists every wrong key at once", () => {
    const message = refusal({ catalog: "x", layerVisibility: "y" });
    expect(message)
      .to.match(/strata:catalog/)
      .and.match(/strata:layerVisibility/);
  });

  it("wants a home region", () => {
    expect(() => parseSettings(good, "dev", undefined)).to.throw(/aws:region: nothing was given/);
  });
});
