import { HttpException, Inject, Injectable, SetMetadata } from '@nestjs/common';
import type { CanActivate, CustomDecorator, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Workspace } from '#kernel';
import type { KeyStore } from '#key-store';

/** What the holder of a key may do. */
export type Role = 'admin' | 'analyst';

/** Roles that may see values of identifiers and of traits. The others see stand-ins. */
const SEES_PERSONAL_DATA: Readonly<Record<Role, boolean>> = { admin: true, analyst: true };

/** True if the role may see values of identifiers. */
export function seesPersonalData(role: Role): boolean {
  return SEES_PERSONAL_DATA[role];
}

/** Whom a key stands for. */
export interface Caller {
  /** Stands for the key in limits and logs; says nothing of it. */
  readonly id: string;
  readonly role: Role;
  readonly workspace: Workspace;
}

/** The API keys in force, looked up by keyed hash. */
export class ApiKeys {
  readonly #callers = new Map<string, Caller>();

  constructor(private readonly keys: KeyStore) {}

  /** From now on the key stands for this caller. */
  register(key: string, caller: Omit<Caller, 'id'>): void {
    const mark = this.#mark(key);
    this.#callers.set(mark, { ...caller, id: mark });
  }

  /** Caller of a key; `undefined` if nobody issued it. */
  find(key: string): Caller | undefined {
    return this.#callers.get(this.#mark(key));
  }

  #mark(key: string): string {
    return this.keys.mark('api-key', key).toString('base64');
  }
}

const ROLES = 'temas:roles';

/** Roles that may call a handler. Behind {@link AccessGuard} a handler without this is open to nobody. */
export const Allow = (...roles: Role[]): CustomDecorator => SetMetadata(ROLES, roles);

/** A request whose caller is known. */
export type AuthenticatedRequest = FastifyRequest & { caller: Caller };

/** Lets a request in if its Bearer key has a role that the handler allows. Denies by default. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(ApiKeys) private readonly apiKeys: ApiKeys,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const caller = this.apiKeys.find(bearerOf(request.headers.authorization) ?? '');
    if (caller === undefined) throw problem(401, 'a key is needed: Authorization: Bearer <key>');
    const roles = this.reflector.getAllAndOverride<Role[] | undefined>(ROLES, targets) ?? [];
    if (!roles.includes(caller.role)) throw problem(403, `the role ${caller.role} may not do this`);
    request.caller = caller;
    return true;
  }
}

function bearerOf(header: string | undefined): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1];
}

/** An error answer (RFC 9457) that tells its reader what is wrong and what to do; `further` are extension members. */
export function problem(status: number, detail: string, further: object = {}): HttpException {
  return new HttpException({ detail, ...further }, status);
}
