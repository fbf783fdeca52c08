import { describe, expect, it } from 'vitest';
import { drawDetCurve } from './draw-det-curve.ts';
import { evaluate } from './evaluation.ts';
import { formatTable } from './format-table.ts';
import type { ScoredPresentation } from './score-tree.ts';
import { writeReport } from './write-report.ts';

function aPresentation(name: string, species: string | null, score: number | null): ScoredPresentation {
  return { name, species, frames: 1, score, reasons: score === null ? ['BLURRED'] : [], luma: 100, skinTone: 20 };
}

const presentations = [
  aPresentation('live/good.jpg', null, 0.9),
  aPresentation('live/refused.jpg', null, 0.2),
  aPresentation('live/blurred.jpg', null, null),
  aPresentation('mask <b>/a.jpg', 'mask <b>', 0.8),
  aPresentation('mask <b>/b.jpg', 'mask <b>', 0.1),
];
const evaluation = evaluate({ profile: 'baseline', models: [], presentations, metadata: new Map() });

describe('writeReport', () => {
  const html = writeReport(evaluation);

  it('lists the misses by name, and not the rest', () => {
    expect(html).toContain('live/refused.jpg');
    expect(html).toContain('mask &lt;b&gt;/a.jpg');
    expect(html).not.toContain('live/good.jpg');
    expect(html).not.toContain('mask &lt;b&gt;/b.jpg');
  });

  it('prints every rate with its bound, and the reasons of what was not scored', () => {
    expect(html).toContain('50.0 % (1/2, at most 97.5 %)');
    expect(html).toContain('<td>bona fide</td><td>BLURRED</td><td>1</td>');
  });

  it('prints no 0 % without its bound, and none where nothing was scored', () => {
    const unscored = [...presentations, aPresentation('print/a.jpg', 'print', null)];
    const all = evaluate({ profile: 'baseline', models: [], presentations: unscored, metadata: new Map() });
    const page = writeReport(all);
    expect(page).toContain('<td>APCER print</td><td>0.0 % (0/1, at most 95.0 %)</td><td>–</td>');
    for (const [, after] of page.matchAll(/>(?:[^<]*[ >])?0\.0 %([^<]*)/g)) expect(after).toMatch(/^ \(.*at most/);
    const table = formatTable(all)
      .split('\n')
      .filter((line) => !/^EER|ACER/.test(line.trim()));
    for (const [, after] of table.join('\n').matchAll(/\b0\.0 %(.*)/g)) expect(after).toMatch(/^ \(.*at most/);
  });

  it('stands alone and escapes names', () => {
    expect(html).not.toMatch(/<img|<script|src=|href=|mask <b>/);
  });

  it('is the same twice', () => {
    expect(writeReport(evaluation)).toBe(html);
  });
});

describe('drawDetCurve', () => {
  it('has a curve and two dots per species, within the picture', () => {
    const svg = drawDetCurve(presentations);
    expect(svg.match(/<circle/g)).toHaveLength(2);
    expect(svg).not.toContain('NaN');
    expect(svg).not.toContain('Infinity');
  });

  it('draws a species without any score as a name only', () => {
    const svg = drawDetCurve([aPresentation('live/a', null, 0.5), aPresentation('print/a', 'print', null)]);
    expect(svg).toContain('>print</text>');
    expect(svg).not.toContain('<circle');
  });
});
