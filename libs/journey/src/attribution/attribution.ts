import type { ChannelRule } from '../channel/channel-rule.ts';
import type { Selector } from '../selector/selector.ts';
import type { Scope } from '../stream/scope.ts';

/** By what touches are told apart. */
export const TOUCH_NAMES = ['channel', 'source', 'medium', 'source_medium', 'campaign'] as const;

/** Days before a conversion in which touches count, unless told otherwise, and at most. */
export const DEFAULT_LOOKBACK_DAYS = 30;

/** Longest look-back window, days. */
export const MAX_LOOKBACK_DAYS = 3_650;

/** What people converted to. */
export type Conversion =
  /** Orders of a currency that were neither cancelled nor refunded, worth what is left of them. */
  | { readonly of: 'orders'; readonly currency?: string }
  /** Events, worth the number in a field; without a field nothing. */
  | { readonly of: 'events'; readonly selector: Selector; readonly valueField?: string };

/** What touches people have. */
export type Touches =
  /**
   * Visits that show a page or a screen, or say where they came from. A visit's origin is that of its first event which says
   * one: UTM parameters, a click id, or a referrer outside of the site; without any it is direct. Events about mails
   * (`Email …`) are none.
   */
  | { readonly of: 'visits'; readonly by: (typeof TOUCH_NAMES)[number] }
  /** Events, each a touch, called by a field or by its own origin; events without a value of the field are none. */
  | { readonly of: 'events'; readonly selector: Selector; readonly by: (typeof TOUCH_NAMES)[number] }
  | { readonly of: 'events'; readonly selector: Selector; readonly field: string };

/**
 * Paths of people to conversions. A conversion in the scope has the touches of its person up to it (those of the same
 * moment by their position in the log), no older than the look-back window; with `restart` only those after the
 * conversion before it. Touches after the last conversion of a person, or of one without conversions, make a path that did
 * not convert, of those no older than the window before the newest of them.
 */
export interface AttributionDefinition {
  readonly scope: Scope;
  readonly conversion: Conversion;
  readonly touches: Touches;
  readonly rules: readonly ChannelRule[];
  readonly lookbackMs: number;
  readonly restart: boolean;
  /** For time decay: the share halves with each so many ms before the conversion. */
  readonly halfLifeMs: number;
}
