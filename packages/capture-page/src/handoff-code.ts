import encodeQR from 'qr';

const SVG = 'http://www.w3.org/2000/svg';

// What the standard asks for around a code, in modules: without it cameras do not find it.
const QUIET = 4;

/** A QR code of the text as one path, dark on light in every theme: many cameras read no other. */
export function drawCode(document: Document, text: string): SVGElement {
  // Low error correction keeps the modules large: a screen has no scratches.
  const modules = encodeQR(text, 'raw', { ecc: 'low', border: QUIET });
  const side = modules.length;
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${side} ${side}`);
  svg.setAttribute('shape-rendering', 'crispEdges');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute(
    'd',
    modules.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join(''),
  );
  svg.append(path);
  return svg;
}
