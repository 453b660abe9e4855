import { barChartSvg, SERIES_MAX, swatchSvg } from '../../../src/web/charts/bar-chart.ts';

const chart = { id: 'c', title: 'T <b>', description: 'D', series: ['a', 'b'], bars: [{ label: 'Consulado', value: '3', parts: [2, 1] }, { label: '가나다라마바사아자차카타파하 가나다라', value: '0', parts: [0, 0] }] };

it('draws what the content policy allows: no style, no script, everything escaped', () => {
  const svg = barChartSvg(chart);
  expect(svg).not.toMatch(/style|<script|<b>/);
  expect(svg).toContain('<title id="c-title">T &lt;b&gt;</title><desc id="c-desc">D</desc>');
  expect(svg).toContain('aria-labelledby="c-title c-desc"');
});

it('draws the longest bar over the whole width, each part in a fill of its own, and nothing for nothing', () => {
  const svg = barChartSvg(chart);
  expect(svg.match(/<rect x="[\d.]+%"/g)).toEqual(['<rect x="0%"', '<rect x="66.667%"']);
  expect(new Set(Array.from({ length: SERIES_MAX }, (_, series) => swatchSvg('c', series))).size).toBe(SERIES_MAX);
  expect(barChartSvg({ ...chart, bars: [] })).toContain('<svg');
});

it('breaks long labels, between words and within them, so that they fit at 320 px', () => {
  const lines = barChartSvg({ ...chart, bars: [{ label: `Consulado General de México en ${'x'.repeat(90)}`, value: '1', parts: [1, 0] }] }).match(/<text x="0"[^>]*>[^<]*/g) ?? [];
  expect(lines.length).toBeGreaterThan(4);
  for (const line of lines) expect((line.split('>')[1] ?? '').length).toBeLessThanOrEqual(30);
});
