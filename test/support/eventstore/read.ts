import { setTimeout as pause } from 'node:timers/promises';
import { Metadata } from '@grpc/grpc-js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import {
  caughtUpFrame,
  checkpointFrame,
  confirmationFrame,
  eventFrame,
  nameOf,
  streamNotFoundFrame,
} from './messages.ts';
import type { Faults, ReadFault, ReadKind } from './faults.ts';
import type { StoredEvent, StoredLog } from './stored-log.ts';

type ReadCall = ServerWritableStream<ReadReq, ReadResp>;
type Options = NonNullable<ReturnType<ReadReq['getOptions']>>;

const UNKNOWN = 2;
const BACKWARDS = 1;

/** Answers one read or subscription. */
export async function answerRead(call: ReadCall, log: StoredLog, faults: Faults): Promise<void> {
  call.on('error', () => undefined);
  const options = call.request.getOptions() as Options;
  const kind = kindOf(options);
  const frames = kind === 'subscription' ? subscription(call, log, options) : read(log, options);
  const fault = faults.reads[kind].shift();
  let sent = 0;
  try {
    for await (const frame of frames) {
      if (fault !== undefined && sent >= fault.after && (await strike(call, fault))) return;
      if (call.cancelled) return;
      sent++;
      if (!call.write(frame)) await drained(call);
    }
    call.end();
  } catch (error) {
    call.emit('error', { code: UNKNOWN, details: `Exception was thrown by handler. ${String(error)}` });
  }
}

/** True if the call has come to an end by it, or to a stand-still. */
async function strike(call: ReadCall, fault: ReadFault): Promise<boolean> {
  switch (fault.kind) {
    case 'slow':
      await pause(fault.ms);
      return false;
    case 'silent':
      return true;
    case 'end':
      call.end();
      return true;
    case 'fail': {
      const metadata = new Metadata();
      if (fault.exception !== undefined) metadata.set('exception', fault.exception);
      call.emit('error', { code: fault.code, details: fault.details, metadata });
      return true;
    }
  }
}

function kindOf(options: Options): ReadKind {
  if (options.hasStream()) return 'stream';
  return options.hasSubscription() ? 'subscription' : 'all';
}

/** A read that ends: of a stream, or of the whole log from its end backwards. */
function* read(log: StoredLog, options: Options): Generator<ReadResp> {
  const limit = Number(options.getCount());
  const backwards = Number(options.getReadDirection()) === BACKWARDS;
  const stream = options.getStream();
  if (stream === undefined) {
    const all = backwards ? [...log.events].reverse() : log.events;
    yield* all.slice(0, limit).map(eventFrame);
    return;
  }
  const name = nameOf(stream.getStreamIdentifier());
  const events = log.stream(name);
  if (events === undefined) {
    yield streamNotFoundFrame(name);
    return;
  }
  const from = stream.hasRevision() ? Number(stream.getRevision()) : 0;
  const wanted = backwards ? [...events].reverse() : events.slice(from);
  yield* wanted.slice(0, limit).map(eventFrame);
}

/** History behind a position, then what is appended, until the client goes. */
async function* subscription(call: ReadCall, log: StoredLog, options: Options): AsyncGenerator<ReadResp> {
  const wanted = filterOf(options);
  const interval = intervalOf(options);
  let at = startOf(log, options);
  yield confirmationFrame();
  let considered = 0;
  const pass = function* (event: StoredEvent): Generator<ReadResp> {
    if (wanted(event)) yield eventFrame(event);
    if (++considered % interval === 0) yield checkpointFrame(event.position);
  };
  for (; at < log.events.length; at++) yield* pass(log.events[at] as StoredEvent);
  let wake = (): void => undefined;
  const unfollow = log.follow(() => wake());
  call.on('cancelled', () => {
    unfollow();
    wake();
  });
  yield caughtUpFrame();
  while (!call.cancelled) {
    for (; at < log.events.length; at++) yield* pass(log.events[at] as StoredEvent);
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (at < log.events.length || call.cancelled) resolve();
    });
  }
}

/** Index of the first event behind the position asked for. Throws for one where no event stands, as the server does. */
function startOf(log: StoredLog, options: Options): number {
  const position = options.getAll()?.getPosition();
  if (position === undefined) return 0;
  const commit = Number(position.getCommitPosition());
  const last = log.events.at(-1)?.position ?? 0;
  if (commit > last) return log.events.length;
  const index = log.events.findIndex((event) => event.position === commit);
  if (index < 0) throw new Error('no event stands there');
  return index + 1;
}

function filterOf(options: Options): (event: StoredEvent) => boolean {
  const filter = options.getFilter();
  const prefixes = filter?.getStreamIdentifier()?.getPrefixList() ?? [];
  if (prefixes.length > 0) return ({ stream }) => prefixes.some((prefix) => stream.startsWith(prefix));
  const regex = new RegExp(filter?.getEventType()?.getRegex() ?? '');
  return ({ type }) => regex.test(type);
}

/** Events looked at between two checkpoints. */
function intervalOf(options: Options): number {
  const filter = options.getFilter();
  return Math.max(1, (filter?.getMax() ?? 32) * (filter?.getCheckpointintervalmultiplier() ?? 1));
}

async function drained(call: ReadCall): Promise<void> {
  await new Promise<void>((resolve) => {
    call.once('drain', resolve);
    call.once('cancelled', resolve);
    call.once('close', resolve);
  });
}
