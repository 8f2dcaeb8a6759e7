import { rcompare } from "@renovatebot/pep440";
import { html } from "hono/html";
import { normalizeName } from "../../contracts/target";
import type { PackageRecord } from "../spec-store";

/**
 * The pages of a simple package index, as HTML (PEP 503) and as JSON (PEP 691, with the sizes, times and versions of PEP 700).
 * Links are relative, since the index doesn't know what stands before it in an address.
 */

/** Media type of the JSON pages. */
export const JSON_TYPE = "application/vnd.pypi.simple.v1+json";
/** Media type of the HTML pages, which are also answered as text/html. */
export const HTML_TYPE = "application/vnd.pypi.simple.v1+html";

const META = { "api-version": "1.1" } as const;

/** A file of a project, and where it lies. */
interface IndexFile {
  readonly filename: string;
  /** From the project's page: `../../files/<spec id>/<file>`. */
  readonly url: string;
  readonly sha256: string;
  readonly size: number;
  readonly uploadedAt: string;
}

/** The normalised names of all projects, in order. */
export function projectNames(records: readonly PackageRecord[]): readonly string[] {
  return [...new Set(records.map(({ specId }) => normalizeName(specId)))].sort();
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

export function renderProjectJson(name: string, records: readonly PackageRecord[]): string {
  const files = filesOf(records).map(({ filename, url, sha256, size, uploadedAt }) => {
    return { filename, url, hashes: { sha256 }, size, "upload-time": uploadedAt, yanked: false };
  });
  const versions = newestFirst(records).map(({ version }) => version);
  return JSON.stringify({ meta: META, name, versions, files });
}

export function renderProjectHtml(name: string, records: readonly PackageRecord[]) {
  return renderPage(
    `Links for ${name}`,
    filesOf(records).map(
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

function filesOf(records: readonly PackageRecord[]): readonly IndexFile[] {
  return newestFirst(records).flatMap(({ specId, files, at }) =>
    files.map(({ name, sha256, size }) => {
      const url = `../../files/${encodeURIComponent(specId)}/${encodeURIComponent(name)}`;
      return { filename: name, url, sha256, size, uploadedAt: at };
    }),
  );
}

function newestFirst(records: readonly PackageRecord[]): readonly PackageRecord[] {
  return [...records].sort((one, other) => rcompare(one.version, other.version));
}
