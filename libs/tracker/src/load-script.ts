import type { PageDocument } from './browser.ts';
import type { TrackerOptions } from './tracker-api.ts';

declare const document: PageDocument;

/** Loads a script of the tracker, `t` or an add-on, without blocking the page. */
export function loadScript(o: TrackerOptions, name: string): void {
  const integrity = o.integrity?.[name];
  document.head.append(
    Object.assign(
      document.createElement('script'),
      { src: (o.scripts || o.host + '/e/') + name + '.js', nonce: o.nonce },
      integrity && { integrity, crossOrigin: '' },
    ),
  );
}
