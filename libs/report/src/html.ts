const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] as string);
}

/** A table; the first column are names, the others numbers. Cells are text, not HTML. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]): string =>
    row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('');
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('');
  return `<table><thead><tr>${cells('th', head)}</tr></thead><tbody>${body}</tbody></table>`;
}

/** A picture with its title and how to read it. `svg` is HTML. */
export function figure(title: string, svg: string, reading: string): string {
  return `<figure><h2>${escapeHtml(title)}</h2>${svg}<figcaption>${escapeHtml(reading)}</figcaption></figure>`;
}

const STYLE = `
:root { color: #1c2733; background: #f5f6f8; font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif }
body { max-width: 1180px; margin: 0 auto; padding: 32px 20px 48px }
h1 { font-size: 26px; margin: 0 0 4px } h2 { font-size: 16px; margin: 0 0 8px }
.about { color: #5a6875; margin: 0 0 20px }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 12px; margin: 0 0 16px }
.facts div, figure, section { background: #fff; border: 1px solid #e1e5ea; border-radius: 8px; padding: 16px 18px }
.facts b { display: block; font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums }
.facts span { color: #5a6875; font-size: 13px }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(520px, 1fr)); gap: 16px }
figure, section { margin: 0; min-width: 0 } figure svg { width: 100%; height: auto; display: block }
figcaption { color: #5a6875; font-size: 13px; margin-top: 8px }
.notes { background: #fff8e6; border-color: #f0dca6; margin-bottom: 16px } .notes ul { margin: 0; padding-left: 18px }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: right; padding: 4px 8px; border-bottom: 1px solid #edf0f3 }
th { color: #5a6875; font-weight: 500; font-size: 13px } th:first-child, td:first-child { text-align: left }
footer { color: #5a6875; font-size: 12px; margin-top: 24px; overflow-wrap: anywhere }
@media (max-width: 600px) { .grid { grid-template-columns: 1fr } }
@media print { :root { background: #fff } figure, section { break-inside: avoid } }
`;

/** A whole page that needs nothing else: no script, no font, no network. `body` is HTML. */
export function page(title: string, body: string): string {
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>`,
    `<body>${body}</body></html>`,
    '',
  ].join('\n');
}
