import type { PageDocument, PageGlobals } from './browser.ts';
import { loadScript } from './load-script.ts';
import { installWaiting } from './waiting-tracker.ts';
import type { TrackerOptions } from './tracker-api.ts';

declare const document: PageDocument;
declare const window: PageGlobals;

/** The site's options; the build leaves them open for whoever copies the snippet. */
declare const OPTIONS: TrackerOptions;

// The snippet.
window.temas ??= installWaiting({ nonce: document.currentScript?.nonce, ...OPTIONS }, ({ o }) =>
  loadScript(o, 't'),
) as PageGlobals['temas'];
