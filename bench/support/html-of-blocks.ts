// The same words as the packet's PDF, as an HTML page that a browser can print: what a browser-based generator would be given.
import type { Block, Line, Pair } from '../../src/modules/referrals/documents/document.rules.ts';

const STYLE = `body{font:9pt/1.35 "Noto Sans","Noto Sans KR";margin:0}table{width:100%;border-collapse:collapse}td,th{padding:4px 5px;vertical-align:top;text-align:left}
thead{background:#dfe6ef}tr:nth-child(even){background:#f0f4f9}h1{font-size:14pt}h2{font-size:10.5pt}h3{font-size:9pt}.small{font-size:.86em;color:#565c65}.strong{font-weight:700}.right{text-align:right}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:.8em 1.4em}.notice{border:1px solid #a9aeb1;padding:8pt;break-inside:avoid}.turn{break-before:page}.dense{font-size:7pt}.sign{border-bottom:1px solid;height:2.4em}`;

interface Frame { readonly title: string; readonly lang: string; readonly paper: string; readonly blocks: readonly Block[] }

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const line = ({ text, lang, style }: Line): string => `<span lang="${lang}" class="${style ?? 'plain'}">${escaped(text)}</span>`;
const side = (lines: readonly Line[]): string => lines.map(line).join('<br>');
const both = (pair: Pair): string => `<div>${side(pair.left)}</div><div>${side(pair.right)}</div>`;
const cells = (row: readonly string[], tag = 'td'): string => `<tr>${row.map((one) => `<${tag}>${one}</${tag}>`).join('')}</tr>`;

export function htmlOf(frame: Frame): string {
  const paper = frame.paper === 'a4' ? 'A4' : 'letter';
  return `<!doctype html><html lang="${frame.lang}"><title>${escaped(frame.title)}</title><style>@page{size:${paper};margin:2.3cm 1.9cm 1.9cm}${STYLE}</style><body>${frame.blocks.map(htmlOfBlock).join('')}</body></html>`;
}

function htmlOfBlock(block: Block): string {
  switch (block.kind) {
    case 'heading': return `<h${block.level}>${[...block.left, ...block.right].map(line).join(' · ')}</h${block.level}>`;
    case 'pair': return `<div class="pair">${block.rows.map(both).join('')}</div>`;
    case 'notice': return `<div class="pair notice">${block.rows.map(both).join('')}</div>`;
    case 'fields': return `<table><thead><tr><th colspan=2>${side(block.heading.left)}</th><th colspan=2>${side(block.heading.right)}</th></tr></thead>${
      block.rows.map((row) => cells([side(row.label.left), side(row.value.left), side(row.label.right), side(row.value.right)])).join('')}</table>`;
    case 'grid': return `<table class="${block.columns.length > 5 ? 'dense' : ''}"><thead>${cells(block.columns.map((column) => side(column.heading)), 'th')}</thead>${block.rows.map((row) => cells(row.map(side))).join('')}</table>`;
    case 'segments': return `<table>${block.rows.map((row) => cells([side(row.left), side(row.right)])).join('')}</table>`;
    case 'choices': return `<div class="pair">${block.rows.map(({ pair, isOn }) => `<div>${isOn ? '[X]' : '[ ]'} ${side(pair.left)}</div><div>${isOn ? '[X]' : '[ ]'} ${side(pair.right)}</div>`).join('')}</div>`;
    case 'signature': return `<div class="notice">${block.oath ? `<div class="pair">${both(block.oath)}</div>` : ''}<div class="pair">${block.rows.map((row) => `<div><div class="sign"></div>${side([...row.left, ...row.right])}</div>`).join('')}</div></div>`;
    case 'contents': return `<table><thead>${cells([block.headings.number, block.headings.title].map(side), 'th')}</thead>${block.rows.map((row, index) => cells([String(index + 1), side([...row.title.left, ...row.title.right, ...(row.note?.left ?? [])])])).join('')}</table>`;
    case 'document': case 'turn': return '<div class="turn"></div>';
  }
}
