import { rcompare } from "@renovatebot/pep440";
import { html } from "hono/html";
import { normalizeName } from "../../contracts/target";
import type { SpecRow } from "../entities";

/**
 * The pages of a simple package index, as HTML (PEP 503) and as JSON (PEP 691, with the sizes, times and versions of PEP 700).
 * All links are relative, because the index doesn't know the address that it is served at.
 */

const META = { "api-version": "1.1" } as const;

interface IndexFile {
  readonly filename: string;
  /** Relative to the project's page: `../../files/<spec id>/<file>`. */
  readonly url: string;
  readonly sha256: string;
  readonly size: number;
  readonly uploadedAt: string;
}

/** The normalised names of all projects, sorted. */
export function projectNames(rows: readonly SpecRow[]): readonly string[] {
  return [...new Set(rows.map(({ specId }) => normalizeName(specId)))].sort();
}

export function renderProjectsJson(names: readonly string[]): string {
  return JSON.stringify({ meta: META, projects: names.map((name) => ({ name })) });
}

export function renderProjectsHtml(names: readonly string[]) {
  return renderPage(
    "Simple index",
    names.map((name) => html`<a href="${name}/">${name}</a><br />`),
  );
}

export function renderProjectJson(name: string, rows: readonly SpecRow[]): string {
  const files = filesOf(rows).map(({ filename, url, sha256, size, uploadedAt }) => {
    return { filename, url, hashes: { sha256 }, size, "upload-time": uploadedAt, yanked: false };
  });
  const versions = newestFirst(rows).map(({ version }) => version);
  return JSON.stringify({ meta: META, name, versions, files });
}

export function renderProjectHtml(name: string, rows: readonly SpecRow[]) {
  return renderPage(
    `Links for ${name}`,
    filesOf(rows).map(
      ({ filename, url, sha256 }) => html`<a href="${url}#sha256=${sha256}">${filename}</a><br />`,
    ),
  );
}

function renderPage(title: string, lines: readonly ReturnType<typeof html>[]) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="pypi:repository-version" content="${META["api-version"]}" />
        <title>${title}</title>
      </head>
      <body>
        <h1>${title}</h1>
        ${lines}
      </body>
    </html>`;
}

function filesOf(rows: readonly SpecRow[]): readonly IndexFile[] {
  return newestFirst(rows).flatMap(({ specId, files, at }) =>
    files.map(({ name, sha256, size }) => {
      const url = `../../files/${encodeURIComponent(specId)}/${encodeURIComponent(name)}`;
      return { filename: name, url, sha256, size, uploadedAt: at };
    }),
  );
}

function newestFirst(rows: readonly SpecRow[]): readonly SpecRow[] {
  return [...rows].sort((one, other) => rcompare(one.version, other.version));
}
