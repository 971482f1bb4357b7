import { Controller, Get, Inject, NotFoundException, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NEUTRAL_PREFIX } from './ingest-paths.ts';
import { TrackerFiles } from './tracker-files.ts';

/** The browser snippet's scripts, under a path that block lists do not match. */
@Controller()
@ApiExcludeController()
export class TrackerFilesController {
  constructor(@Inject(TrackerFiles) private readonly files: TrackerFiles) {}

  @Get(`${NEUTRAL_PREFIX}/:script.js`)
  async script(
    @Param('script') script: string,
    @Req() { headers }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const file = this.files.find(`${script}.js`);
    if (file === undefined) throw new NotFoundException({ detail: 'there is no such script' });
    // Kept for an hour, then asked for again: a fix reaches every page within it.
    void reply.headers({
      'cache-control': 'public, max-age=3600',
      etag: file.etag,
      vary: 'Origin, Accept-Encoding',
      'cross-origin-resource-policy': 'cross-origin',
      'access-control-allow-origin': headers.origin ?? '*',
    });
    if (headers['if-none-match'] === file.etag) {
      await reply.status(304).send();
      return;
    }
    void reply.type('text/javascript; charset=utf-8');
    if (!String(headers['accept-encoding'] ?? '').includes('gzip')) await reply.send(file.plain);
    else await reply.header('content-encoding', 'gzip').send(file.gzip);
  }
}
