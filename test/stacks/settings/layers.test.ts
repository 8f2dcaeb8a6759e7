import { itRefuses } from "./read-settings";

describe("the settings of layers", () => {
  itRefuses([
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
    ["a prefix", { layerPrefix: "a b" }, /"a b" was given; it must be 1 to 15 letters/],
    [
      "an organization that is missing",
      { layerVisibility: "organization" },
      /strata:layerOrganizationId: nothing was given/,
    ],
    [
      "a Python no image is built for",
      { pythons: '["3.11"]' },
      /\["3\.11"\] was given; images are built for 3\.12/,
    ],
  ]);
});
