/** A SELECT over a workspace's views, values apart from the text. Can be asked again at the SQL door as it stands. */
export interface Statement {
  readonly sql: string;
  /** Values of the `{name:Type}` placeholders. */
  readonly params: Readonly<Record<string, ParamValue>>;
}

/** What a placeholder can stand for. */
export type ParamValue = string | number | boolean | readonly ParamValue[];

/** Collects the values of a statement; every value of a caller passes here and never becomes text of the statement. */
export class Bindings {
  readonly #params: Record<string, ParamValue> = {};
  readonly #names = new Map<string, string>();

  /** The placeholder of a value; equal values of a type share one, so that equal questions have equal texts. */
  bind(type: string, value: ParamValue): string {
    const key = JSON.stringify([type, value]);
    let name = this.#names.get(key);
    if (name === undefined) {
      name = `p${this.#names.size}`;
      this.#names.set(key, name);
      this.#params[name] = value;
    }
    return `{${name}:${type}}`;
  }

  /** The statement with all values bound so far. */
  statement(sql: string): Statement {
    return { sql, params: { ...this.#params } };
  }
}

/** A value as the text of an HTTP `param_<name>`. */
export function paramText(value: ParamValue): string {
  return typeof value === 'string' ? escaped(value) : element(value);
}

function element(value: ParamValue): string {
  if (typeof value === 'string') return `'${escaped(value).replaceAll("'", "\\'")}'`;
  if (typeof value === 'object') return `[${value.map(element).join(',')}]`;
  return String(value);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\\0',
};

function escaped(text: string): string {
  return text.replaceAll(/[\\\t\n\r\0]/g, (sign) => ESCAPES[sign] as string);
}
