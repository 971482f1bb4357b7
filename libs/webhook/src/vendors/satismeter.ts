import { titled } from '../event-name.ts';
import { firstTime } from '../item-time.ts';
import { firstText, objectOf, objectsOf, stated, textOf, without, type JsonObject } from '../json.ts';
import { firstEmail, firstId, firstPhone, idOf } from '../person.ts';
import type { WebhookItem } from '../webhook-item.ts';
import type { Reading } from '../wire-item.ts';

/** Members of a response that stand elsewhere in the wire format. */
const MOVED = new Set(['user', 'device', 'location', 'id', 'created']);

/** A survey answer of SatisMeter. `user.userId` is the company's own id, `user.id` SatisMeter's. */
export function readSatismeter({ item }: WebhookItem): Reading {
  const report = objectOf(item);
  const response = objectOf(report.response);
  const user = objectOf(response.user);
  const traits = { ...objectOf(user.traits), ...objectOf(report.traits) };
  const campaign = objectOf(report.campaign);
  const userId = idOf(user.userId);
  const email = firstEmail(user.email, traits.email);
  const ownId = idOf(user.id);
  const known = userId !== undefined || email !== undefined || ownId !== undefined;
  return {
    event: `Survey ${titled(textOf(report.event) ?? 'response')}`,
    person: {
      userId,
      email,
      phone: firstPhone(traits.phone),
      externalIds: {
        satismeter_user_id: ownId,
        // An answer without a name is still somebody's; later reports of the same answer find it.
        satismeter_response_id: known ? undefined : idOf(response.id),
      },
    },
    timestamp: firstTime(response.updated, response.created),
    integration: 'SatisMeter',
    properties: {
      ...without(response, MOVED),
      ...stated({
        response_id: response.id,
        survey_id: firstId(campaign.id, response.campaign),
        survey_name: campaign.name,
        ...metrics(response),
        device: response.device,
        location: response.location,
      }),
      ...rest(report),
    },
    contextTraits: stated({
      ...without(traits, new Set(['email', 'phone'])),
      name: firstText(user.name, traits.name),
    }),
    locale: textOf(response.language),
    page: stated({ referrer: textOf(response.referrer) }),
    campaign: stated({ id: firstId(campaign.id, response.campaign), name: textOf(campaign.name) }),
  };
}

/** The answers that are a metric (`nps`, `csat`, `ces`), each by its name. */
function metrics(response: JsonObject): JsonObject {
  return Object.fromEntries(
    objectsOf(response.answers).flatMap(({ metric, value }) =>
      typeof metric === 'string' && /^[a-z_]{1,32}$/.test(metric) && typeof value === 'number'
        ? [[metric, value]]
        : [],
    ),
  );
}

/** What a newer SatisMeter may say beside the response. */
function rest(report: JsonObject): JsonObject {
  return without(report, new Set(['response', 'traits', 'campaign', 'event']));
}
