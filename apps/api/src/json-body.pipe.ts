import { Injectable } from '@nestjs/common';
import type { PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { ValidationError } from 'class-validator';
import { problem } from './access.ts';

/** Deepest body: deeper ones would exhaust the stack of what copies and checks them. */
const MAX_DEPTH = 100;

/** Reads a JSON body into a DTO and checks it; answers 400 naming each field, without echoing values. */
@Injectable()
export class JsonBody<T extends object> implements PipeTransform<unknown, T> {
  constructor(private readonly dto: new () => T) {}

  /** The checked DTO; throws 400. */
  transform(raw: unknown): T {
    let json: unknown;
    try {
      json = JSON.parse(Buffer.isBuffer(raw) ? raw.toString('utf8') : '');
    } catch {
      throw problem(400, 'the body is not valid JSON');
    }
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      throw problem(400, 'the body must be a JSON object');
    }
    if (!isShallow(json, MAX_DEPTH)) throw problem(400, `the body is nested deeper than ${MAX_DEPTH} levels`);
    const dto = plainToInstance(this.dto, json);
    const errors = flatten(validateSync(dto, { whitelist: true, forbidNonWhitelisted: true }));
    if (errors.length > 0) throw problem(400, 'the body has fields that cannot be taken', { errors });
    return dto;
  }
}

/** Problems by the JSON path of their field: `steps[1].where[0].op`. */
function flatten(errors: readonly ValidationError[], above = ''): { field: string; message: string }[] {
  return errors.flatMap(({ property, constraints = {}, children = [] }) => {
    const own = /^\d+$/.test(property)
      ? `${above}[${property}]`
      : `${above === '' ? '' : `${above}.`}${property}`;
    const messages = Object.values(constraints);
    return [
      ...(messages.length === 0 ? [] : [{ field: own, message: messages.join('; ') }]),
      ...flatten(children, own),
    ];
  });
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((child) => isShallow(child, levels - 1));
}
