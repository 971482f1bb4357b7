import { Body, Controller, Get, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ConfigDesk, ConfigFollower } from '#config';
import type { IdentityCommand, IdentityOrder } from '#config';
import { isoTime } from '#kernel';
import type { EventId, Ref, Workspace } from '#kernel';
import type { KeyStore } from '#key-store';
import { AccessGuard, Allow, problem } from './access.ts';
import type { AuthenticatedRequest } from './access.ts';
import { IdentityCommandBody } from './identity.dto.ts';
import { JsonBody } from './json-body.pipe.ts';
import { refOf } from './named-identifier.ts';
import { signatureOf } from './signed.dto.ts';

/** Token of the key store among the providers: a port has no class. */
export const KEY_STORE = Symbol('KeyStore');

/** How many identifiers an order takes. */
const COUNTS: Readonly<Record<IdentityCommandBody['kind'], readonly [least: number, most: number]>> = {
  merge: [2, 50],
  split: [2, 2],
  forbid: [2, 2],
  release: [1, 1],
  lift: [1, 1],
  undo: [0, 0],
};

/** Orders of operators about who is who. Each stands in the log with its actor and reason, and can be taken back. */
@Controller('v1/identity/commands')
@ApiTags('identity')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@Allow('admin')
export class IdentityController {
  constructor(
    @Inject(ConfigDesk) private readonly desk: ConfigDesk,
    @Inject(ConfigFollower) private readonly config: ConfigFollower,
    @Inject(KEY_STORE) private readonly keys: KeyStore,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'Merges, splits, releases, lifts a quarantine, or takes an earlier order back.',
    description: 'Answers once the order is in the log; read with `?after=<position>` to see what it did.',
  })
  @ApiBody({ type: IdentityCommandBody })
  @ApiResponse({ status: 404, description: 'An identifier was never seen, or there is no such command.' })
  async command(
    @Req() { caller }: AuthenticatedRequest,
    @Body(new JsonBody(IdentityCommandBody)) body: IdentityCommandBody,
  ): Promise<object> {
    const order = await this.#order(caller.workspace, body);
    const actor = signatureOf(caller, body);
    const result = await this.desk.command({ workspace: caller.workspace, actor }, order, body.reason);
    if (result.outcome !== 'commanded') throw problem(404, 'there is no such command, or it was taken back');
    return { ...commandView(result.command), position: result.position.toString() };
  }

  @Get()
  @ApiOperation({ summary: 'The orders given so far, oldest first.' })
  list(@Req() { caller }: AuthenticatedRequest): { commands: object[] } {
    return { commands: [...this.config.state(caller.workspace).commands.values()].map(commandView) };
  }

  async #order(
    workspace: Workspace,
    { kind, identifiers = [], command }: IdentityCommandBody,
  ): Promise<IdentityOrder> {
    const [least, most] = COUNTS[kind];
    if (identifiers.length < least || identifiers.length > most) {
      const message = `${kind} takes ${least === most ? least : `${least} to ${most}`} of them`;
      throw problem(400, 'the body has fields that cannot be taken', {
        errors: [{ field: 'identifiers', message }],
      });
    }
    const refs = await Promise.all(
      identifiers.map((identifier, i) => refOf(this.keys, workspace, identifier, `identifiers[${i}]`)),
    );
    const [first, second] = refs as [Ref, Ref];
    switch (kind) {
      case 'merge':
        return { kind: 'force_merge', refs };
      case 'split':
      case 'forbid':
        return { kind: 'forbid', a: first, b: second };
      case 'release':
      case 'lift':
        return { kind, ref: first };
      case 'undo': {
        if (command !== undefined) return { kind: 'undo', command: command.toLowerCase() as EventId };
        const errors = [{ field: 'command', message: 'is needed: the id of the command to take back' }];
        throw problem(400, 'the body has fields that cannot be taken', { errors });
      }
    }
  }
}

function commandView({ commandId, order, actor, reason, at, undone }: IdentityCommand): object {
  return { commandId, order, actor, reason, at: isoTime(at), undone };
}
