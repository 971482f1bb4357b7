import type { Told } from '../told.types.ts';
import type { Words } from '../words/words.ts';
import { escaped, widthOf } from './text.ts';

const SIZE = 11;

interface Entry {
  readonly sign: string;
  readonly text: string;
}

/** Tells what shapes and lines mean: of those that can be in the picture, only these. */
export function legendOf(
  { profiles }: Told,
  { path, cut }: { readonly path: ReadonlySet<string>; readonly cut: ReadonlySet<string> },
  words: Words['picture'],
  left: number,
  top: number,
): { readonly svg: string; readonly width: number; readonly bottom: number } {
  const links = profiles.flatMap((profile) => profile.links);
  const line = (style: string): string => `<path d="M0,6 H24" fill="none" ${style}/>`;
  const box = 'fill="#f1f5f9" stroke="#475569"';
  const entries: (Entry | false)[] = [
    { sign: `<rect width="24" height="12" rx="2" ${box}/>`, text: words.unique },
    { sign: `<rect width="24" height="12" rx="6" ${box}/>`, text: words.contact },
    { sign: `<polygon points="0,6 5,0 19,0 24,6 19,12 5,12" ${box}/>`, text: words.device },
    profiles.some(({ refused }) => refused.length > 0) && {
      sign: line('stroke="#c81e1e" stroke-width="2" stroke-dasharray="7 5"'),
      text: words.refused,
    },
    links.some(({ joins }) => !joins) && {
      sign: line('stroke="#9aa3ad" stroke-width="1.2" stroke-dasharray="2 3"'),
      text: words.confirms,
    },
    links.some(({ order }) => order !== undefined) && {
      sign: line('stroke="#7c3aed" stroke-width="2"'),
      text: words.order,
    },
    path.size > 0 && { sign: line('stroke="#475569" stroke-width="4"'), text: words.path },
    cut.size > 0 && {
      sign: '<path d="M6,-2 l6,16 M12,-2 l6,16" stroke="#c81e1e" stroke-width="2.5"/>',
      text: words.cut,
    },
  ];
  let x = left;
  let y = top + 8;
  let width = 0;
  const drawn: string[] = [];
  for (const entry of entries) {
    if (entry === false) continue;
    const wide = 24 + 8 + widthOf(entry.text, SIZE) + 20;
    if (x > left && x + wide > left + 640) {
      x = left;
      y += 24;
    }
    drawn.push(
      `<g transform="translate(${x},${y})">${entry.sign}<text x="32" y="10" font-size="${SIZE}" fill="#475569">${escaped(entry.text)}</text></g>`,
    );
    x += wide;
    width = Math.max(width, x - left);
  }
  return { svg: drawn.join('\n'), width, bottom: y + 16 };
}
