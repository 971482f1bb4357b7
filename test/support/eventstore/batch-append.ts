import { setTimeout as pause } from 'node:timers/promises';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { appendAnswer, messagesOf, receivedAppend, refusalAnswer } from './messages.ts';
import type { AppendFault, Faults } from './faults.ts';
import type { ReceivedAppend } from './messages.ts';
import type { Stored, StoredLog } from './stored-log.ts';

/** Largest sum of data in one append; metadata does not count. */
const MAX_APPEND_SIZE = 1024 * 1024;

/** What became of an append, for tests that look whether it was sent again. */
export interface SeenAppend {
  readonly stream: string;
  readonly ids: readonly string[];
  readonly fault: AppendFault | undefined;
}

/** Answers the appends that one client sends over its shared stream. */
export function answerAppends(
  call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>,
  log: StoredLog,
  faults: Faults,
  seen: SeenAppend[],
): void {
  const open = new Map<string, ReceivedAppend>();
  call.on('error', () => undefined);
  call.on('end', () => call.end());
  call.on('data', (frame: BatchAppendReq) => {
    const id = frame.getCorrelationId()?.getString() ?? '';
    const append = open.get(id) ?? receivedAppend(frame);
    append.messages.push(...messagesOf(frame));
    open.set(id, append);
    if (!frame.getIsFinal()) return;
    open.delete(id);
    const fault = faults.appends.shift();
    seen.push({ stream: append.stream, ids: append.messages.map((message) => message.id), fault });
    void answer(call, log, append, fault);
  });
}

async function answer(
  call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>,
  log: StoredLog,
  append: ReceivedAppend,
  fault: AppendFault | undefined,
): Promise<void> {
  const store = (): Stored => log.append(append.stream, append.expected, append.messages);
  switch (fault?.kind) {
    case undefined: {
      const size = append.messages.reduce((sum, { data }) => sum + data.length, 0);
      const tooLarge = size > MAX_APPEND_SIZE;
      call.write(
        tooLarge ? refusalAnswer(append, 'maximumAppendSizeExceeded') : appendAnswer(append, store()),
      );
      return;
    }
    case 'silent':
      if (fault.stores) store();
      return;
    case 'late': {
      const stored = store();
      await pause(fault.ms);
      call.write(appendAnswer(append, stored));
      return;
    }
    case 'halfClose':
      if (fault.stores) store();
      call.end();
      return;
    case 'break':
      if (fault.stores) store();
      call.emit('error', { code: fault.code, details: 'broken by a test' });
      return;
    case 'refuse':
      call.write(refusalAnswer(append, fault.refusal, (log.stream(append.stream)?.length ?? 0) - 1));
      return;
    case 'stopReading':
      call.pause();
  }
}
