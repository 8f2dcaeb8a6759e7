import { stringify } from "csv-stringify/sync";
import { html } from "hono/html";
import type { LatestLayer } from "./klayers";

const HEADER = ["Package", "Package Version", "arn"] as const;

/** The list as CSV with the header `Package,Package Version,arn`. */
export function renderCsv(layers: readonly LatestLayer[]): string {
  return stringify([HEADER, ...layers.map(cells)]);
}

/** The list as an HTML page with one table. */
export function renderHtml(title: string, layers: readonly LatestLayer[]) {
  const row = (layer: LatestLayer) =>
    html`<tr>
      ${cells(layer).map((cell) => html`<td>${cell}</td>`)}
    </tr> `;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
      </head>
      <body>
        <table>
          <thead>
            <tr>
              ${HEADER.map((name) => html`<th>${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${layers.map(row)}
          </tbody>
        </table>
      </body>
    </html>`;
}

function cells({ package: name, packageVersion, arn }: LatestLayer): readonly [string, string, string] {
  return [name, packageVersion, arn];
}
