import type { Listen, PageDocument, PageElement, PageEvent, PageLocation } from '../browser.ts';
import { withoutToken } from '../site/token.ts';
import type { Tracker } from '../tracker-api.ts';
import { formFields } from './form-fields.ts';

declare const document: PageDocument;
declare const location: PageLocation;
declare const addEventListener: Listen;
declare const innerHeight: number;
declare const scrollY: number;

const CAPTURE = { capture: true, passive: true };

/** `data-temas-plan="pro"` as `{ plan: 'pro' }`. */
export function dataOf({ dataset }: PageElement): Record<string, string> {
  const data: Record<string, string> = {};
  for (const name in dataset)
    if (/^temas[A-Z]/.test(name) && name !== 'temasEvent')
      data[name.charAt(5).toLowerCase() + name.slice(6)] = dataset[name] as string;
  return data;
}

const targetOf = ({ target }: PageEvent): PageElement | undefined => (target?.closest ? target : undefined);

/** Clicks on whatever carries `data-temas-event`, its name. */
export function watchClicks(tracker: Tracker): void {
  document.addEventListener(
    'click',
    (event) => {
      const marked = targetOf(event)?.closest('[data-temas-event]');
      const name = marked?.dataset.temasEvent;
      if (marked && name) tracker.track(name, dataOf(marked));
    },
    CAPTURE,
  );
}

/** Clicks on links that leave the site. */
export function watchOutbound(tracker: Tracker): void {
  const look = (event: PageEvent): void => {
    const link = targetOf(event)?.closest('a[href]');
    if (!link?.href || !/^https?:/.test(link.href) || new URL(link.href).hostname === location.hostname)
      return;
    tracker.track('Outbound Link Clicked', {
      url: withoutToken(link.href),
      text: (link.textContent ?? '').trim().slice(0, 100),
    });
  };
  document.addEventListener('click', look, CAPTURE);
  document.addEventListener('auxclick', look, CAPTURE);
}

/** Forms that are sent, with the values of their harmless fields. */
export function watchForms(tracker: Tracker): void {
  document.addEventListener(
    'submit',
    (event) => {
      const form = targetOf(event);
      if (!form || form.closest('[data-temas-ignore]')) return;
      const { id, name } = form;
      // A field called `id`, `name` or `action` hides the form's own.
      const own = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
      tracker.track('Form Submitted', {
        form: own(id) || own(name) || undefined,
        action: withoutToken(form.getAttribute('action') ?? '') || undefined,
        fields: formFields(form),
      });
    },
    CAPTURE,
  );
}

/** How far a page was read: once each a quarter, anew after a change of the address. */
export function watchScroll(tracker: Tracker): void {
  let address = '';
  let told = 0;
  addEventListener(
    'scroll',
    () => {
      if (location.pathname + location.search !== address) {
        address = location.pathname + location.search;
        told = 0;
      }
      const { scrollHeight } = document.documentElement;
      const percent = Math.floor(((scrollY + innerHeight + 1) / scrollHeight) * 4) * 25;
      while (told < Math.min(percent, 100)) {
        told += 25;
        tracker.track('Scroll Depth Reached', { percent: told });
      }
    },
    { passive: true },
  );
}
