import type { PageDocument, PageElement, PageGlobals } from '../browser.ts';
import type { Item } from '../core/outbox.ts';
import type { LogEntry } from '../core/watch.ts';
import type { WaitingTracker } from '../waiting-tracker.ts';
import { outcomes } from './outcomes.ts';

declare const document: PageDocument;

// The overlay for whoever installs the tracker: each call, its state and what is wrong with it.
const COLOURS: Readonly<Record<string, string>> = {
  queued: '#777',
  sent: '#06c',
  confirmed: '#080',
  warning: '#a60',
  refused: '#c00',
  again: '#c60',
};

function element(tag: string, style: string, text = ''): PageElement {
  const made = document.createElement(tag);
  made.style.cssText = style;
  made.textContent = text;
  return made;
}

const host = element('temas-debug', '');
const panel = element(
  'div',
  'position:fixed;right:8px;bottom:8px;width:380px;max-height:45vh;overflow:auto;z-index:2147483647;background:#fff;' +
    'color:#222;border:1px solid #999;border-radius:4px;font:12px/1.5 monospace;box-shadow:0 2px 8px #0004',
);
const bar = element(
  'div',
  'position:sticky;top:0;padding:4px 8px;background:#222;color:#fff;cursor:pointer',
  'Temas ✕',
);
bar.onclick = () => host.remove();
panel.append(bar);
host.attachShadow({ mode: 'open' }).append(panel);
document.documentElement.append(host);

const rows = new Map<string, PageElement>();

function show({ key, json }: Item, state: string, detail = ''): void {
  let row = rows.get(key);
  if (row === undefined) {
    const { type, event, name } = JSON.parse(json) as { type: string; event?: string; name?: string };
    const line = element('div', 'padding:2px 8px;border-top:1px solid #eee;overflow-wrap:anywhere');
    row = element('span', 'float:right');
    line.append(row, `${type} ${event ?? name ?? ''}`);
    const content = element('pre', 'display:none;white-space:pre-wrap;margin:0;color:#555', indented(json));
    line.onclick = () => (content.style.display = content.style.display === 'none' ? 'block' : 'none');
    line.append(content);
    panel.append(line);
    rows.set(key, row);
  }
  row.textContent = detail ? `${state}: ${detail}` : state;
  row.style.color = COLOURS[state] ?? '';
}

function indented(json: string): string {
  return JSON.stringify(JSON.parse(json), null, 1);
}

function take([state, items, answer]: LogEntry): void {
  if (!answer?.status) {
    for (const item of items) show(item, state, state === 'again' ? 'no answer, will be sent again' : '');
    return;
  }
  const { status } = answer;
  void (answer as Response)
    .clone()
    .json()
    .catch(() => ({}))
    .then((body: unknown) => {
      outcomes(state, status, body, items.length).forEach(({ state: now, detail }, i) =>
        show(items[i] as Item, now, detail),
      );
    });
}

const waiting = (globalThis as PageGlobals).temas as unknown as WaitingTracker;
const before = waiting.d as unknown as LogEntry[];
waiting.d = { push: (entry) => take(entry as LogEntry) };
before.forEach(take);
