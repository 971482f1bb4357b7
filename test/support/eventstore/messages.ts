import shared from '@eventstore/db-client/generated/shared_pb.js';
import statusProto from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import anyProto from 'google-protobuf/google/protobuf/any_pb.js';
import emptyProto from 'google-protobuf/google/protobuf/empty_pb.js';
import type { AppendRefusal } from './faults.ts';
import type { Expected, ProposedMessage, Stored, StoredEvent } from './stored-log.ts';

type BatchAppendReq = InstanceType<typeof streams.BatchAppendReq>;
type BatchAppendResp = InstanceType<typeof streams.BatchAppendResp>;
type Options = InstanceType<typeof streams.BatchAppendReq.Options>;
type ReadResp = InstanceType<typeof streams.ReadResp>;

const TICKS_OF_2025 = '638712864000000000';

/** An append as the client sent it, of one frame or several. */
export interface ReceivedAppend {
  readonly correlationId: string;
  readonly stream: string;
  readonly expected: Expected;
  readonly messages: ProposedMessage[];
}

/** The first frame of an append. */
export function receivedAppend(frame: BatchAppendReq): ReceivedAppend {
  const options = frame.getOptions() as Options;
  return {
    correlationId: frame.getCorrelationId()?.getString() ?? '',
    stream: nameOf(options.getStreamIdentifier()),
    expected: expectedOf(options),
    messages: [],
  };
}

/** The events of a frame. */
export function messagesOf(frame: BatchAppendReq): ProposedMessage[] {
  return frame.getProposedMessagesList().map((message) => ({
    id: message.getId()?.getString() ?? '',
    type: message.getMetadataMap().get('type') ?? '',
    contentType: message.getMetadataMap().get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  }));
}

/** The answer to an append. */
export function appendAnswer(append: ReceivedAppend, stored: Stored): BatchAppendResp {
  if (stored.outcome === 'wrongExpectedVersion') {
    return refusalAnswer(append, 'wrongExpectedVersion', stored.current);
  }
  const position = String(stored.position);
  return answerTo(append).setSuccess(
    new streams.BatchAppendResp.Success()
      .setCurrentRevision(String(stored.revision))
      .setPosition(new shared.AllStreamPosition().setCommitPosition(position).setPreparePosition(position)),
  );
}

/** The answer that refuses an append; `current` is the stream's last revision, −1 for none. */
export function refusalAnswer(append: ReceivedAppend, refusal: AppendRefusal, current = -1): BatchAppendResp {
  const [type, bytes] = detailsOf(refusal, current);
  const details = new anyProto.Any();
  details.pack(bytes, `event_store.client.${type}`);
  const text = refusal === 'notReady' ? 'Server Is Not Ready' : refusal;
  return answerTo(append).setError(new statusProto.Status().setMessage(text).setDetails(details));
}

/** An event as a read brings it. */
export function eventFrame(event: StoredEvent): ReadResp {
  const position = String(event.position);
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(new shared.UUID().setString(event.id))
    .setStreamIdentifier(identifierOf(event.stream))
    .setStreamRevision(String(event.revision))
    .setCommitPosition(position)
    .setPreparePosition(position)
    .setCustomMetadata(event.metadata)
    .setData(event.data);
  recorded.getMetadataMap().set('type', event.type);
  recorded.getMetadataMap().set('content-type', event.contentType);
  recorded.getMetadataMap().set('created', TICKS_OF_2025);
  return new streams.ReadResp().setEvent(
    new streams.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(position),
  );
}

/** Tells that there is no such stream. */
export function streamNotFoundFrame(stream: string): ReadResp {
  const notFound = new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(stream));
  return new streams.ReadResp().setStreamNotFound(notFound);
}

/** Tells that a subscription was accepted. */
export function confirmationFrame(): ReadResp {
  const confirmation = new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId('stand-in');
  return new streams.ReadResp().setConfirmation(confirmation);
}

/** Tells how far a subscription has looked; history comes without a prepare position. */
export function checkpointFrame(position: number): ReadResp {
  const checkpoint = new streams.ReadResp.Checkpoint()
    .setCommitPosition(String(position))
    .setPreparePosition('0');
  return new streams.ReadResp().setCheckpoint(checkpoint);
}

/** Tells that a subscription has come to the end of history. */
export function caughtUpFrame(): ReadResp {
  return new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp());
}

/** A stream's name out of its identifier. */
export function nameOf(identifier: { getStreamName_asU8(): Uint8Array } | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

function identifierOf(stream: string): InstanceType<typeof shared.StreamIdentifier> {
  return new shared.StreamIdentifier().setStreamName(Buffer.from(stream).toString('base64'));
}

function answerTo({ correlationId, stream }: ReceivedAppend): BatchAppendResp {
  return new streams.BatchAppendResp()
    .setCorrelationId(new shared.UUID().setString(correlationId))
    .setStreamIdentifier(identifierOf(stream));
}

function expectedOf(options: Options): Expected {
  if (options.hasNoStream()) return 'noStream';
  if (options.hasStreamPosition()) return Number(options.getStreamPosition());
  return options.hasStreamExists() ? 'streamExists' : 'any';
}

function detailsOf(refusal: AppendRefusal, current: number): [type: string, bytes: Uint8Array] {
  switch (refusal) {
    case 'wrongExpectedVersion': {
      const details = new shared.WrongExpectedVersion();
      if (current < 0) details.setCurrentNoStream(new emptyProto.Empty());
      else details.setCurrentStreamRevision(String(current));
      return ['WrongExpectedVersion', details.serializeBinary()];
    }
    case 'accessDenied':
      return ['AccessDenied', new shared.AccessDenied().serializeBinary()];
    case 'streamDeleted':
      return ['StreamDeleted', new shared.StreamDeleted().serializeBinary()];
    case 'timeout':
      return ['Timeout', new shared.Timeout().serializeBinary()];
    case 'unknown':
      return ['Unknown', new shared.Unknown().serializeBinary()];
    case 'notReady':
      return ['BadRequest', new shared.BadRequest().setMessage('Server Is Not Ready').serializeBinary()];
    case 'maximumAppendSizeExceeded':
      return [
        'MaximumAppendSizeExceeded',
        new shared.MaximumAppendSizeExceeded().setMaxappendsize(1024 * 1024).serializeBinary(),
      ];
  }
}
