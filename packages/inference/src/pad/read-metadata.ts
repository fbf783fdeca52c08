/** What is known about presentations beyond their folder: an optional CSV with the columns file, subject, device, light. */
import { parse } from 'csv-parse/sync';

/** What one line of the CSV says; an empty cell is unknown. */
export type Metadata = { subject: string; device: string; light: string };

/**
 * The lines of a CSV with commas or semicolons, as RFC 4180 or a spreadsheet writes it, by the file or folder that they
 * name, as it is written there; of two with the same name the last. Throws when the column `file` is missing, when a line
 * has more filled cells than the header, and when quotes do not match.
 */
export function readMetadata(csv: string): Map<string, Metadata> {
  const firstLine = csv.slice(0, csv.search(/[\r\n]|$/));
  const [header = [], ...lines]: string[][] = parse(csv, {
    bom: true,
    delimiter: firstLine.includes(';') ? ';' : ',',
    trim: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
  });
  const columns = header.map((cell) => cell.trim().toLowerCase());
  if (!columns.includes('file')) throw new Error('The metadata has no column "file" in its first line.');
  const byFile = new Map<string, Metadata>();
  for (const cells of lines) {
    if (cells.slice(columns.length).some((cell) => cell.trim() !== ''))
      throw new Error(`The metadata has too many cells in "${cells.join(',')}".`);
    const cell = (name: string) => cells[columns.indexOf(name)]?.trim() ?? '';
    byFile.set(cell('file'), { subject: cell('subject'), device: cell('device'), light: cell('light') });
  }
  return byFile;
}
