import { filledListOf, mapOf, oneOf, oneOfNumbers, text, yesOrNo } from "./kinds";
import { type ValuesOf, setting } from "./setting";

/** Days CloudWatch Logs can keep lines (PutRetentionPolicy). */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653];

/** What holds for all services of a stage. */
export const stageSettings = {
  pythons: setting({
    kind: filledListOf(
      text(/^3\.(9|[1-9]\d)$/, "a Python minor version from 3.9 on, such as 3.13"),
      "Pythons",
    ),
    default: ["3.12", "3.13"],
    description: "Python versions that layers are built for. Adding one here is all it takes.",
  }),
  architectures: setting({
    kind: filledListOf(oneOf("x86_64", "arm64"), "x86_64, arm64"),
    default: ["x86_64", "arm64"],
    description: "Architectures that layers are built for. Specs are handled on the first.",
  }),
  regions: setting({
    kind: filledListOf(
      text(/^(all|[a-z]{2}(-[a-z]+)+-\d)$/, "a region code such as eu-west-1, or all alone"),
      "region codes",
    ),
    default: ["us-east-1"],
    description:
      "Regions that layers are published to. The first is home and must be aws:region. " +
      "A list of just all takes every region of the catalog's regions.csv.",
  }),
  schedules: setting({
    kind: yesOrNo,
    default: false,
    description: "Whether anything runs on a schedule.",
  }),
  toolFunctions: setting({
    kind: oneOf("image", "host"),
    default: "image",
    description:
      "Where functions run that need programs such as uv and Python: in images on AWS, on the host of the local emulator.",
  }),
  builderImages: setting({
    kind: mapOf(
      text(/^[^\s@]+@sha256:[0-9a-f]{64}$/, "an image by its digest: <repository>@sha256:<64 hex digits>"),
      "a map from a tool's key to its image",
    ),
    default: {},
    description:
      "Images that exist already, by the key of the tool, such as 3.13-arm64 or specs-build. " +
      "Images that are not named here are built. A key that no tool has is refused, with the keys that there are.",
  }),
  retainData: setting({
    kind: yesOrNo,
    default: false,
    description:
      "Whether buckets, the table, secrets and the image registry are protected, and kept when the stack is destroyed.",
  }),
  tlsOnly: setting({
    kind: yesOrNo,
    default: true,
    description:
      "Whether buckets and topics refuse requests without TLS. Only the local emulator needs it off.",
  }),
  logRetentionDays: setting({
    kind: oneOfNumbers(LOG_RETENTION_DAYS),
    default: 14,
    description: "Days that log lines are kept.",
  }),
  notificationEmail: setting({
    kind: text(/^([^\s@]+@[^\s@]+\.[^\s@]+)?$/, "empty or an e-mail address"),
    default: "",
    description:
      "Who gets an email when an alarm is raised; empty for nobody. AWS first sends an email with a link to confirm.",
  }),
} as const;

/** The settings of the stage, with what Pulumi itself knows of it. */
export type StageSettings = ValuesOf<typeof stageSettings> & {
  /** The stack's name: `local`, `default`, `dev`, `prod` or one of your own. */
  readonly stage: string;
  /** The region that the program itself lives in. */
  readonly homeRegion: string;
};

/** Problems of settings that are right by themselves and wrong together. */
export function checkStage({ regions, homeRegion }: StageSettings): string[] {
  const given = `strata:regions: ${JSON.stringify(regions)} was given`;
  if (regions.includes("all")) return regions.length > 1 ? [`${given}; all must stand alone`] : [];
  return regions[0] === homeRegion ? [] : [`${given}; its first must be aws:region, ${homeRegion}`];
}
