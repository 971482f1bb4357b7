import { describe, expect, it } from '@jest/globals';
import { isMachineAgent } from './machine-agent.ts';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';

describe('isMachineAgent', () => {
  it.each([
    ['Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)', 'proxy'],
    ['YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html', 'proxy'],
    ['Mozilla/5.0', 'proxy'],
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'bot'],
    ['python-requests/2.31', 'bot'],
    ['Barracuda Sentinel (EE)', 'bot'],
    ['Microsoft Office Existence Discovery', 'bot'],
    [`${IPHONE} Mobile/15E148 Instagram 250.0.0.0 (iPhone14,5; iOS 16_0; tr_TR)`, undefined],
    [`${IPHONE} Mobile/15E148 [FBAN/FBIOS;FBDV/iPhone11,8;FBLC/tr_TR]`, undefined],
    [`${IPHONE} Mobile/15E148`, undefined],
    [
      'Mozilla/5.0 (Linux; Android 13; wv) AppleWebKit/537.36 Version/4.0 Chrome/116.0 Mobile Safari/537.36 trendyol',
      undefined,
    ],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)', undefined],
    ['Mozilla/4.0 (compatible; MSIE 6.1; Windows XP; .NET CLR 1.1.4322; .NET CLR 2.0.50727)', undefined],
    ['Outlook-iOS/711.2620504.prod.iphone (3.34.0)', undefined],
    ['', undefined],
  ])('%s is %s', (agent, expected) => {
    expect(isMachineAgent(agent)).toBe(expected);
    expect(isMachineAgent(agent)).toBe(expected);
  });
});
