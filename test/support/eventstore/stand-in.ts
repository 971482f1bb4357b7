import { Server, ServerCredentials } from '@grpc/grpc-js';
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { ServerDuplexStream, ServerUnaryCall, ServerWritableStream, sendUnaryData } from '@grpc/grpc-js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type {
  BatchAppendReq,
  BatchAppendResp,
  ReadReq,
  ReadResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import { answerAppends } from './batch-append.ts';
import { Faults } from './faults.ts';
import { answerRead } from './read.ts';
import { StoredLog } from './stored-log.ts';
import type { SeenAppend } from './batch-append.ts';

const STREAMS = 'event_store.client.streams.Streams';

/**
 * Stands in for EventStoreDB 23.10 at the level of its protocol: batch append, stream reads, `$all` backwards and
 * filtered subscriptions to `$all`, in memory. It does what a healthy server will not (`faults`). It has no access
 * control, projections, deletes or single appends, and never drops a slow subscriber by itself.
 */
export class EventStoreStandIn {
  /** What is stored; stays when the server stops. */
  readonly log: StoredLog;
  readonly faults = new Faults();
  /** Every append that came in whole, in order. */
  readonly appends: SeenAppend[] = [];
  /** Subscriptions that were asked for. */
  subscriptions = 0;
  #server: Server | undefined;
  #port = 0;

  /** `padding`: see `StoredLog`. */
  constructor(padding = 0) {
    this.log = new StoredLog(padding);
  }

  /** Connection string of the running server. */
  get url(): string {
    return `esdb://127.0.0.1:${this.#port}?tls=false`;
  }

  /** Serves on a loopback port, the same one each time. */
  async start(): Promise<void> {
    const server = new Server({ 'grpc.max_receive_message_length': 16 * 1024 * 1024 });
    server.addService(streamsService.StreamsService, {
      read: (call: ServerWritableStream<ReadReq, ReadResp>) => {
        if (call.request.getOptions()?.hasSubscription() === true) this.subscriptions++;
        void answerRead(call, this.log, this.faults);
      },
      batchAppend: (call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>) =>
        answerAppends(call, this.log, this.faults, this.appends),
    });
    server.addService(featuresService.ServerFeaturesService, {
      getSupportedMethods: (
        _: ServerUnaryCall<unknown, SupportedMethods>,
        done: sendUnaryData<SupportedMethods>,
      ) => {
        if (this.faults.silentFeatures > 0) this.faults.silentFeatures--;
        else done(null, supported());
      },
    });
    this.#port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${this.#port}`, ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
    this.#server = server;
  }

  /** Breaks off every call and stops, as a killed server does; what is stored stays. */
  stop(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }
}

function supported(): SupportedMethods {
  const methods = ['Read', 'BatchAppend'].map((name) =>
    new features.SupportedMethod().setServiceName(STREAMS).setMethodName(name.toLowerCase()),
  );
  return new features.SupportedMethods().setEventStoreServerVersion('23.10.0').setMethodsList(methods);
}
