/** What is known about presentations beyond their folder: an optional CSV with the columns file, subject, device, light. */

/** One line of the CSV; an empty cell is unknown. */
export type Metadata = { subject: string; device: string; light: string };

const COLUMNS = ['subject', 'device', 'light'] as const;

/** By presentation name. Throws when the column `file` is missing or a line has more cells than the header. */
export function readMetadata(csv: string): Map<string, Metadata> {
  const [header, ...lines] = csv
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map(cellsOf);
  const columns = (header ?? []).map((cell) => cell.toLowerCase());
  if (!columns.includes('file')) throw new Error('The metadata has no column "file" in its first line.');
  const byName = new Map<string, Metadata>();
  for (const cells of lines) {
    if (cells.length > columns.length) throw new Error(`The metadata has too many cells in "${cells.join(',')}".`);
    const cell = (name: string) => cells[columns.indexOf(name)] ?? '';
    const [subject, device, light] = COLUMNS.map(cell) as [string, string, string];
    byName.set(nameOf(cell('file')), { subject, device, light });
  }
  return byName;
}

/** `./live/clip/001.jpg` and `live/clip` both name the presentation `live/clip`. */
function nameOf(file: string): string {
  return file
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .slice(0, 2)
    .join('/');
}

/** RFC 4180: a cell in double quotes may hold commas, and `""` for a quote. */
function cellsOf(line: string): string[] {
  const cells = line.match(/("(?:[^"]|"")*"|[^,]*)(,|$)/g) ?? [];
  // The expression matches once more at the end of a line that does not end in a comma.
  const used = line.endsWith(',') ? cells : cells.slice(0, -1);
  return used.map((cell) => {
    const text = cell.replace(/,$/, '').trim();
    return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
  });
}
