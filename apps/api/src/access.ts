import { HttpException, Inject, Injectable, SetMetadata } from '@nestjs/common';
import type { CanActivate, CustomDecorator, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
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

const BROWSER = 'temas:browser';

/**
 * A page that a browser may ask for with Basic: any user, the key as password. For reads only: a browser sends Basic
 * by itself, also where another site made it ask.
 */
export const AllowBrowser = (): CustomDecorator => SetMetadata(BROWSER, true);

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
    const browser = this.reflector.getAllAndOverride<boolean | undefined>(BROWSER, targets) === true;
    const { authorization } = request.headers;
    const key = bearerOf(authorization) ?? (browser ? passwordOf(authorization) : undefined);
    const caller = this.apiKeys.find(key ?? '');
    if (caller === undefined && browser) {
      const reply = context.switchToHttp().getResponse<FastifyReply>();
      void reply.header('www-authenticate', 'Basic realm="Temas", charset="UTF-8"');
    }
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

function passwordOf(header: string | undefined): string | undefined {
  const credentials = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (credentials === undefined) return undefined;
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  return text.includes(':') ? text.slice(text.indexOf(':') + 1) : undefined;
}

/** An error answer (RFC 9457) that tells its reader what is wrong and what to do; `further` are extension members. */
export function problem(status: number, detail: string, further: object = {}): HttpException {
  return new HttpException({ detail, ...further }, status);
}
