import { isbot } from 'isbot';

/** What a user agent that is no person's is: a program, or a mail provider's proxy that loads pictures. */
export type MachineAgent = 'bot' | 'proxy';

/** Proxies of Gmail, Yahoo and others; the last is how Gmail's prefetch signs. */
const PROXIES = /GoogleImageProxy|ggpht\.com|YahooMailProxy|YahooCacheSystem|Edge\/12\.246 Mozilla\/5\.0$/i;

/** Apple Mail Privacy Protection says this and no more. */
const APPLE_PRIVACY = /^Mozilla\/5\.0$/;

/** Scanners of links and attachments that `isbot` lets pass or may come to. */
const SCANNERS =
  /barracuda|proofpoint|mimecast|ironport|fireeye|trendmicro|sophos|forcepoint|messagelabs|symantec|zscaler|fortiguard|cloudmark|vade ?secure|safelinks|existence discovery|bingpreview|skypeuripreview/i;

/** Mail programs that people read with: they name no browser, which is what `isbot` takes bots for. */
const MAIL_PROGRAMS =
  /^(?:Outlook-(?:iOS|Android)|Thunderbird|Postbox|Airmail|eM ?Client|Spark|Lotus-Notes|Microsoft Outlook|MacOutlook|Mail\/|Mozilla\/4\.0 \(compatible; ms-office)/i;

/** Longest user agent that is judged, in UTF-16 code units: bounds the expressions and the memory of answers. */
const LONGEST = 1_000;

/** Answers by user agent. A site sees a few thousand; `isbot` costs microseconds, a look-up a tenth of one. */
const answers = new Map<string, MachineAgent | undefined>();
const MAX_ANSWERS = 5_000;

/** Whether a user agent is a program's or a mail proxy's; `undefined`: a person's, as far as it can be told, or none. */
export function isMachineAgent(userAgent: string): MachineAgent | undefined {
  const agent = userAgent.slice(0, LONGEST).trim();
  if (agent === '') return undefined;
  if (answers.has(agent)) return answers.get(agent);
  if (answers.size >= MAX_ANSWERS) answers.clear();
  const answer = judge(agent);
  // Part of a longer text would keep all of it in memory.
  if (userAgent.length <= LONGEST) answers.set(agent, answer);
  return answer;
}

function judge(agent: string): MachineAgent | undefined {
  if (APPLE_PRIVACY.test(agent) || PROXIES.test(agent)) return 'proxy';
  if (SCANNERS.test(agent)) return 'bot';
  if (MAIL_PROGRAMS.test(agent)) return undefined;
  return isbot(agent) ? 'bot' : undefined;
}
