import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { REPOSITORY } from "../../local/paths";
import { SETTING_GROUPS } from "../../stacks/settings/settings";
import type { Setting, SettingsMap } from "../../stacks/settings/setting";

/** The files that say which settings there are, and what each is to hold: text -> text. */
export const SETTINGS_FILES: Readonly<Record<string, (text: string) => string>> = {
  "Pulumi.yaml": withSettings,
  "docs/deploy.md": withSettingsTables,
};

/** `settings`: brings the files up to date after a setting was added or changed. */
export function settings(): void {
  for (const [name, render] of Object.entries(SETTINGS_FILES)) {
    const file = path.join(REPOSITORY, name);
    const before = fs.readFileSync(file, "utf8");
    const after = render(before);
    if (after !== before) fs.writeFileSync(file, after);
    console.log(`${name}: ${after === before ? "up to date" : "written"}`);
  }
}

/** The project's file with every setting as its `config`, which is the last of its keys. */
export function withSettings(project: string): string {
  const [before] = project.split(/^config:\n/m, 1);
  const all = Object.values(SETTING_GROUPS).flatMap((group) => Object.entries(group));
  return `${before ?? ""}config:\n${all.map(([key, setting]) => projectSetting(key, setting)).join("")}`;
}

function projectSetting(key: string, { kind, description, default: standard }: Setting<unknown>): string {
  return [
    `  ${key}:`,
    `    type: ${kind.type}`,
    ...(kind.type === "array" ? ["    items: { type: string }"] : []),
    `    description: ${stringify(`${description} Must be ${kind.allowed}.`, { lineWidth: 0 }).trimEnd()}`,
    `    default: ${typeof standard === "string" ? stringify(standard).trimEnd() : inline(standard)}`,
    "",
  ].join("\n");
}

/** The guide with a table of each group between its two marks. */
export function withSettingsTables(guide: string): string {
  const [, before, after] = /^(.*<!-- settings: [^\n]* -->\n).*(<!-- \/settings -->.*)$/s.exec(guide) ?? [];
  if (before === undefined || after === undefined)
    throw new Error("the guide has no marks <!-- settings -->");
  const tables = Object.entries(SETTING_GROUPS).map(
    ([group, declared]) => `### Settings: ${group}\n\n${tableOf(declared)}\n`,
  );
  return `${before}\n${tables.join("\n")}\n${after}`;
}

function tableOf(declared: SettingsMap): string {
  const rows = Object.entries(declared).map(([key, { kind, description, default: standard }]) => [
    `\`strata:${key}\``,
    standard === "" ? "" : `\`${typeof standard === "string" ? standard : inline(standard)}\``,
    description,
    kind.allowed,
  ]);
  const cells = [["key", "default", "is", "must be"], ...rows].map((row) =>
    // What Markdown would take for something else.
    row.map((cell) => (cell.startsWith("`") ? cell : cell.replace(/[<*|]/g, "\\$&"))),
  );
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[], fill = " "): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  return [line(head), line(["", "", "", ""], "-"), ...body.map((row) => line(row))].join("\n");
}

/** JSON on one line, spaced as people write it. */
function inline(value: unknown): string {
  return Array.isArray(value)
    ? `[${value.map((item) => JSON.stringify(item)).join(", ")}]`
    : JSON.stringify(value);
}
