import { encode } from 'uqr';

/** A QR code as a drawing that is sharp at any size; at level Q a quarter of it may be stained and it still reads. */
export function qrSvg(text: string): string {
  const { size, data } = encode(text, { ecc: 'Q', border: 4 });
  const strokes = data.flatMap((row, y) => runsOf(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}"><path fill="#fff" d="M0 0h${size}v${size}h-${size}z"/><path fill="#000" d="${strokes.join('')}"/></svg>`;
}

/** Where dark modules follow each other in a row: beginning and length. */
function runsOf(row: readonly boolean[]): [number, number][] {
  const runs: [number, number][] = [];
  row.forEach((isDark, x) => {
    const last = runs.at(-1);
    if (!isDark) return;
    if (last && last[0] + last[1] === x) last[1] += 1;
    else runs.push([x, 1]);
  });
  return runs;
}
