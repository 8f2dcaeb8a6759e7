import { settingsGroup } from "./group";
import { oneOf, schedule, text, wholeNumber } from "./kinds";
import { setting } from "./setting";
import type { StageSettings } from "./stage";

/** Lambda's images of earlier Pythons are Amazon Linux 2, whose C library is too old for the Node of the builder. */
const OLDEST_IMAGE_MINOR = 12;

export const layers = settingsGroup({
  settings: {
    layerPrefix: setting({
      kind: text(/^[A-Za-z0-9-_]{1,15}$/, "1 to 15 letters, digits, - or _"),
      default: "strata",
      description: "First part of every layer's name.",
    }),
    layerVisibility: setting({
      kind: oneOf("public", "organization", "private"),
      default: "private",
      description:
        "Who may use the layers: everybody, the accounts of layerOrganizationId, or only this account.",
    }),
    layerOrganizationId: setting({
      kind: text(/^(o-[a-z0-9]{10,32})?$/, "empty or an organization such as o-abc1234567"),
      default: "",
      description: "The AWS Organization, when layerVisibility is organization.",
    }),
    layerExpiryDays: setting({
      kind: wholeNumber(1, 3650),
      default: 365,
      description: "Days that a superseded layer version is announced to stay.",
    }),
    layerBuildSchedule: setting({
      kind: schedule,
      default: "rate(7 days)",
      description:
        "When the whole catalog is built, where schedules is true. What is unchanged is not built again.",
    }),
    layerBuildConcurrency: setting({
      kind: wholeNumber(1, 1000),
      default: 10,
      description: "Layers built at one time.",
    }),
  },
  images: builders,
  check: (own, stage) => [...checkVisibility(own), ...checkPythons(stage)],
});

function builders({ pythons, architectures }: StageSettings): string[] {
  return pythons.flatMap((python) => architectures.map((architecture) => `${python}-${architecture}`));
}

function checkVisibility(own: {
  readonly layerVisibility: string;
  readonly layerOrganizationId: string;
}): string[] {
  if (own.layerVisibility !== "organization" || own.layerOrganizationId !== "") return [];
  return [
    "strata:layerOrganizationId: nothing was given; layerVisibility organization needs it, such as o-abc1234567",
  ];
}

function checkPythons({ pythons, architectures, builderImages, toolFunctions }: StageSettings): string[] {
  const unbuildable = pythons.filter(
    (python) =>
      Number(python.slice(2)) < OLDEST_IMAGE_MINOR &&
      architectures.some((architecture) => builderImages[`${python}-${architecture}`] === undefined),
  );
  if (toolFunctions !== "image" || unbuildable.length === 0) return [];
  return [
    `strata:pythons: ${JSON.stringify(unbuildable)} was given; images are built for 3.${OLDEST_IMAGE_MINOR} and later, ` +
      "so name images of your own for it in strata:builderImages",
  ];
}
