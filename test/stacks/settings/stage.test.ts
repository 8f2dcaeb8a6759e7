import { itRefuses } from "./read-settings";

describe("the settings of the stage", () => {
  itRefuses([
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
    [
      "a retention",
      { logRetentionDays: "15" },
      /strata:logRetentionDays: 15 was given; it must be one of 1, 3, 5/,
    ],
    ["a truth value", { schedules: "on" }, /strata:schedules: "on" was given; it must be true or false/],
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
    ["a home that is not first", { regions: '["eu-west-1"]' }, /its first must be aws:region, us-east-1/],
    ["all beside others", { regions: '["all","eu-west-1"]' }, /all must stand alone/],
    ["an address", { notificationEmail: "me" }, /"me" was given; it must be empty or an e-mail address/],
  ]);
});
