import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { TemasError } from '#kernel';
import { asksForHelp } from './ask-for-help.ts';
import { identifierIn } from './identifier-argument.ts';
import { askRaw } from './operator.ts';

const USAGE = `Usage:
  temas explain <profile id>                  why this profile is what it is
  temas explain <ns>=<value>                  why this identifier is whose it is
  temas explain <ns>=<value> <ns>=<value>     why these two are one person's, or are not; what would part them
    --language en|tr   default: of your terminal
    --json             as JSON
    --svg <file>       as a picture
    --hide-values      identifiers by their numbers only
`;

const ACCEPT = { text: 'text/plain', json: 'application/json', svg: 'image/svg+xml' } as const;

/** `temas explain`: asks the running Temas why somebody is who. Throws for what it does not know. */
export async function explain(args: readonly string[]): Promise<void> {
  if (asksForHelp(args)) {
    process.stdout.write(USAGE);
    return;
  }
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      language: { type: 'string' },
      json: { type: 'boolean' },
      svg: { type: 'string' },
      'hide-values': { type: 'boolean' },
    },
  });
  const [first, second, ...more] = positionals;
  if (first === undefined || more.length > 0) {
    process.stdout.write(USAGE);
    throw new TemasError('CLI.USAGE', 'explain takes a profile id, or one or two identifiers');
  }
  const accept = ACCEPT[values.svg !== undefined ? 'svg' : values.json === true ? 'json' : 'text'];
  const query = new URLSearchParams({
    language: values.language ?? languageOfTerminal(),
    ...(values['hide-values'] === true ? { values: 'hidden' } : {}),
  });
  const isProfile = second === undefined && /^[0-9a-f-]{36}$/i.test(first);
  const named = [first, second].flatMap((text) => (text === undefined ? [] : identifierIn(text)));
  const answer = isProfile
    ? await askRaw('GET', `/v1/profiles/${first}/explanation?${query.toString()}`, { accept })
    : await askRaw('POST', `/v1/profiles/explain?${query.toString()}`, {
        accept,
        json: { identifiers: named },
      });
  if (values.svg === undefined) {
    const text = values.json === true ? `${JSON.stringify(JSON.parse(answer), null, 2)}\n` : answer;
    process.stdout.write(text);
  } else {
    writeFileSync(values.svg, answer);
    process.stdout.write(`${values.svg}\n`);
  }
}

function languageOfTerminal(): string {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  return (LC_ALL || LC_MESSAGES || LANG || '').startsWith('tr') ? 'tr' : 'en';
}
