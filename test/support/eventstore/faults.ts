import type { status } from '@grpc/grpc-js';

/** Errors of an append that the server answers on the shared batch stream. */
export type AppendRefusal =
  | 'wrongExpectedVersion'
  | 'accessDenied'
  | 'streamDeleted'
  | 'timeout'
  | 'unknown'
  | 'notReady'
  | 'maximumAppendSizeExceeded';

/** What goes wrong with one append. `stores` says whether its events stand in the log all the same. */
export type AppendFault =
  /** Takes it and never says a word. */
  | { readonly kind: 'silent'; readonly stores: boolean }
  /** Answers after so many milliseconds. */
  | { readonly kind: 'late'; readonly ms: number }
  /** Ends its side of the stream without an answer. */
  | { readonly kind: 'halfClose'; readonly stores: boolean }
  /** Ends the stream with a status, and with it every append on it. */
  | { readonly kind: 'break'; readonly stores: boolean; readonly code: status }
  /** Takes it and says no. */
  | { readonly kind: 'refuse'; readonly refusal: AppendRefusal }
  /** Reads nothing more of this stream: what the client writes piles up on its side. */
  | { readonly kind: 'stopReading' };

/** What goes wrong with one read or subscription, after `after` of its frames. */
export type ReadFault =
  /** Nothing more comes. */
  | { readonly kind: 'silent'; readonly after: number }
  /** Ends cleanly. */
  | { readonly kind: 'end'; readonly after: number }
  /** Ends with a status; `exception` is the name that the server puts into its trailers. */
  | {
      readonly kind: 'fail';
      readonly after: number;
      readonly code: status;
      readonly details: string;
      readonly exception?: string;
    }
  /** A pause before each frame, in milliseconds. */
  | { readonly kind: 'slow'; readonly after: number; readonly ms: number };

/** Which call a read fault is for. */
export type ReadKind = 'stream' | 'all' | 'subscription';

/** What the stand-in shall do wrong: each fault is used once, by the next call of its kind. */
export class Faults {
  /** For the next appends, one each. */
  readonly appends: AppendFault[] = [];
  /** For the next reads, one each. */
  readonly reads: Record<ReadKind, ReadFault[]> = { stream: [], all: [], subscription: [] };
  /** The next calls for the server's features that are never answered. */
  silentFeatures = 0;

  /** Forgets what was not used. */
  clear(): void {
    this.appends.length = 0;
    for (const list of Object.values(this.reads)) list.length = 0;
    this.silentFeatures = 0;
  }
}
