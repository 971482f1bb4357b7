import { Injectable } from '@nestjs/common';
import { JsonBody } from './json-body.pipe.ts';

/** A JSON body in which everything has a default: no body at all is an empty one. */
@Injectable()
export class OptionalJsonBody<T extends object> extends JsonBody<T> {
  /** The checked DTO; throws 400. */
  override transform(raw: unknown): T {
    const present = Buffer.isBuffer(raw) && raw.length > 0;
    return super.transform(present ? raw : Buffer.from('{}'));
  }
}
