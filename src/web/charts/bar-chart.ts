/**
 * Bars as inline SVG, drawn by hand: widths are shares of the page's own width and letters are not scaled, so that it reads the same at
 * 320 px and on paper. No style attributes (the content policy refuses them), no script, no identifiers that clash.
 */
export interface Bar {
  readonly label: string;
  /** What stands behind the bar, as the reader's culture writes it. */
  readonly value: string;
  /** One number for each series. */
  readonly parts: readonly number[];
}

export interface Chart {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  /** What a reader who does not see it is told: the whole of it in a sentence. */
  readonly description: string;
  readonly series: readonly string[];
  /** Which fill each series has, where the order of the series is not theirs: what is bad is the crossed red one. */
  readonly fills?: readonly number[];
  readonly bars: readonly Bar[];
}

/** Dark to light, each with a pattern of its own: told apart without colours, in print and by who sees none. */
const FILLS: readonly { readonly colour: string; readonly pattern: string }[] = [
  { colour: '#162e51', pattern: '' },
  { colour: '#e5a000', pattern: '<path d="M-2 2 2-2M0 8 8 0M6 10 10 6" stroke="#3d2c00" stroke-width="1.6"/>' },
  { colour: '#8ec5e8', pattern: '' },
  { colour: '#b50909', pattern: '<path d="M0 0 8 8M8 0 0 8" stroke="#fff" stroke-width="1.2"/>' },
  { colour: '#d9d2e9', pattern: '<circle cx="4" cy="4" r="1.7" fill="#54278f"/>' },
  { colour: '#c9c9c9', pattern: '<path d="M4 0V8" stroke="#3d4551" stroke-width="1.6"/>' },
];
export const SERIES_MAX = FILLS.length;

const LABEL_UNITS_MAX = 30;
const LINE = 18;
const BAR = 16;
const GAP = 12;

/** The chart; its legend stands beside it as text (`legendOf`). */
export function barChartSvg(chart: Chart): string {
  const longest = Math.max(...chart.bars.map(totalOf), 0);
  const pieces: string[] = [];
  let y = 0;
  for (const bar of chart.bars) {
    const lines = wrapped(bar.label);
    lines.forEach((line, at) => pieces.push(`<text x="0" y="${y + LINE * at + 14}">${escaped(line)}</text>`));
    pieces.push(`<text x="100%" y="${y + LINE * (lines.length - 1) + 14}" text-anchor="end" font-weight="700">${escaped(bar.value)}</text>`);
    y += LINE * lines.length + 2;
    pieces.push(`<rect x="0" y="${y}" width="100%" height="${BAR}" fill="#f0f0f0"/>`, ...partsOf(chart, bar, y, longest));
    y += BAR + GAP;
  }
  return `<svg class="ps-chart" role="img" aria-labelledby="${chart.id}-title ${chart.id}-desc" width="100%" height="${Math.max(y - GAP, 1)}" font-size="15" fill="#1b1b1b">`
    + `<title id="${chart.id}-title">${escaped(chart.title)}</title><desc id="${chart.id}-desc">${escaped(chart.description)}</desc>${patternsOf(chart.id, chart.fills ?? chart.series.map((_name, at) => at))}${pieces.join('')}</svg>`;
}

/** The swatch of one series, for the legend. */
export function swatchSvg(chartId: string, fill: number): string {
  return `<svg class="ps-swatch" aria-hidden="true" focusable="false" width="18" height="14"><rect width="18" height="14" fill="${fillOf(chartId, fill)}" stroke="#1b1b1b"/></svg>`;
}

const totalOf = ({ parts }: Bar): number => parts.reduce((sum, part) => sum + Math.max(part, 0), 0);
const percent = (value: number): string => `${Number(value.toFixed(3))}%`;

function partsOf({ id, fills }: Chart, bar: Bar, y: number, longest: number): string[] {
  if (longest <= 0) return [];
  let from = 0;
  return bar.parts.flatMap((part, series) => {
    if (part <= 0) return [];
    // What is there is seen, however little it is.
    const width = Math.max((part / longest) * 100, 0.6);
    const x = Math.min(from, 100 - width);
    from += width;
    return [`<rect x="${percent(x)}" y="${y}" width="${percent(width)}" height="${BAR}" fill="${fillOf(id, fills?.[series] ?? series)}" stroke="#1b1b1b" stroke-width="1"/>`];
  });
}

const fillOf = (id: string, series: number): string => (FILLS[series % FILLS.length]?.pattern === '' ? FILLS[series % FILLS.length]?.colour ?? '#162e51' : `url(#${id}-p${series})`);

function patternsOf(id: string, fills: readonly number[]): string {
  const patterns = fills.flatMap((fill) => {
    const { colour, pattern } = FILLS[fill % FILLS.length] as (typeof FILLS)[number];
    return pattern === '' ? [] : [`<pattern id="${id}-p${fill}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="${colour}"/>${pattern}</pattern>`];
  });
  return patterns.length === 0 ? '' : `<defs>${patterns.join('')}</defs>`;
}

/** Into lines that fit beside a number at 320 px; a Korean letter is as wide as two Latin ones. */
function wrapped(label: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of label.split(' ').flatMap(chopped)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && unitsOf(longer) > LABEL_UNITS_MAX) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

const unitsOf = (text: string): number => [...text].reduce((sum, letter) => sum + (/[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uff00-\uff60]/.test(letter) ? 2 : 1), 0);

function chopped(word: string): string[] {
  if (unitsOf(word) <= LABEL_UNITS_MAX) return [word];
  const letters = [...word];
  const size = Math.floor(LABEL_UNITS_MAX / 2);
  return Array.from({ length: Math.ceil(letters.length / size) }, (_, at) => letters.slice(at * size, (at + 1) * size).join(''));
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
