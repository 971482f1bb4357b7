export { eraseSessions } from './erase-sessions.ts';
export { SessionMissing } from './errors.ts';
export { foldSession, loadSessions, type SessionMerge, type SessionStep } from './fold-session.ts';
export { SESSION_GAP, type Segment } from './segments.ts';
export { type SessionId } from './session-id.ts';
export { sessionInputOf, type SessionInput } from './session-input.ts';
export { ALIASES, DAYS, SESSIONS, type AliasRow, type SessionRow } from './session-rows.ts';
export { sessionOf, type Session } from './session.ts';
