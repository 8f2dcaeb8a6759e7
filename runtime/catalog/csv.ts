import { CsvError, parse } from "csv-parse/sync";
import type { CatalogProblem } from "../contracts/catalog";

/** A CSV record with the line it ends on, its cells by header. */
export interface Row {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** The columns that a file must have and the ones that it may have. */
export interface Columns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** Reads a CSV file with a header. Rows of a wrong form are added to `problems`; the other rows are returned. */
export function parseRows(
  file: string,
  text: string,
  columns: Columns,
  problems: CatalogProblem[],
): readonly Row[] {
  const records = readRecords(file, text, problems);
  if (records === undefined) return [];
  const [first, ...rest] = records;
  const wanted = columns.required.join(",");
  if (first === undefined) {
    problems.push({ file, line: 1, reason: `is empty. It must start with the header ${wanted}.` });
    return [];
  }
  const header = first.record;
  const missing = columns.required.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    problems.push({
      file,
      line: first.line,
      reason: `the header is missing ${missing.join(", ")}. It must be ${wanted}.`,
    });
    return [];
  }
  const strange = header.filter((column) => ![...columns.required, ...columns.optional].includes(column));
  if (strange.length > 0 || new Set(header).size < header.length) {
    const reason =
      strange.length > 0
        ? `the header has unknown columns: ${strange.join(", ")}`
        : "the header names a column twice";
    problems.push({
      file,
      line: first.line,
      reason: `${reason}. It may add ${columns.optional.join(", ") || "none"}.`,
    });
    return [];
  }
  return rest.flatMap(({ line, record }) => {
    if (record.length !== header.length) {
      const reason = `has ${record.length} columns, the header has ${header.length}. Quote cells that hold a comma.`;
      problems.push({ file, line, reason });
      return [];
    }
    return [
      { line, cells: Object.fromEntries(header.map((column, index) => [column, record[index] ?? ""])) },
    ];
  });
}

function readRecords(
  file: string,
  text: string,
  problems: CatalogProblem[],
): readonly { readonly line: number; readonly record: readonly string[] }[] | undefined {
  try {
    const options = {
      bom: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      info: true,
    } as const;
    const records = parse(text, options) as unknown as { info: { lines: number }; record: string[] }[];
    return records.map(({ info, record }) => ({ line: info.lines, record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error["lines"] === "number" ? error["lines"] : 1;
    problems.push({ file, line, reason: `is not CSV: ${error.message}.` });
    return undefined;
  }
}
