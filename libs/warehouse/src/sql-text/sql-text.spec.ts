import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lex } from './lexer.ts';
import { stringLiteral } from './literal.ts';
import {
  formatClause,
  hasSecondStatement,
  hasWords,
  insertHead,
  isSelect,
  selectCount,
} from './statement.ts';

describe('lex', () => {
  it('leaves out comments of every kind and keeps quoted text whole', () => {
    const tokens = lex('SELECT /* ; */ \'a;--b\' -- ;\n, `x``y`, "z\\"", $t$ \' $t$ # ;\n, 1.5e3');
    expect(tokens.map(({ kind, text }) => `${kind}:${text}`)).toEqual([
      'word:SELECT',
      'string:a;--b',
      'sign:,',
      'quoted:x`y',
      'sign:,',
      'quoted:z"',
      'sign:,',
      "string: ' ",
      'sign:,',
      'number:1.5e3',
    ]);
  });

  it('reads any text that was written as a literal back as that one text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(lex(`${stringLiteral(text)};`).map((token) => token.text)).toEqual([text, ';']);
      }),
    );
  });

  it('ends, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'\'"`\\$a-/*#;\n 1') }), (sql) => {
        expect(lex(sql).length).toBeLessThanOrEqual(sql.length);
      }),
    );
  });
});

describe('statements', () => {
  it.each([
    ['SELECT 1;', false],
    ['SELECT 1; -- end', false],
    ["SELECT ';'", false],
    ['SELECT 1; SELECT 2', true],
    ['SELECT 1;;x', true],
  ])('sees whether a second one follows: %s', (sql, second) => {
    expect(hasSecondStatement(lex(sql))).toBe(second);
  });

  it('tells a SELECT and what it is made of', () => {
    expect(isSelect(lex('((SELECT 1))'))).toBe(true);
    expect(isSelect(lex('with x as (select 1) select * from x'))).toBe(true);
    expect(isSelect(lex('`SELECT` 1'))).toBe(false);
    expect(selectCount(lex("WITH x AS (SELECT 'SELECT') SELECT 1"))).toBe(2);
    expect(hasWords(lex("SELECT 1 into\noutfile 'x'"), 'INTO', 'OUTFILE')).toBe(true);
  });

  it('finds the FORMAT clause and no column of that name', () => {
    expect(formatClause(lex('SELECT 1 FORMAT JSON'))).toEqual({ format: 'JSON', start: 9, end: 20 });
    expect(formatClause(lex('SELECT 1 format CSV SETTINGS max_threads = 1;'))?.format).toBe('CSV');
    expect(formatClause(lex('SELECT 1 FORMAT `Null`'))?.format).toBe('Null');
    expect(formatClause(lex("SELECT format('{}', x) FROM t"))).toBeUndefined();
  });

  it('reads the head of an INSERT', () => {
    expect(insertHead(lex('INSERT INTO a.b (`x`, y) FORMAT JSONEachRow'))).toEqual({
      table: 'a.b',
      columns: ['x', 'y'],
      format: 'JSONEachRow',
    });
    expect(insertHead(lex('insert into table b format CSV'))).toEqual({
      table: 'b',
      columns: [],
      format: 'CSV',
    });
    expect(insertHead(lex('INSERT INTO b SELECT 1 FORMAT CSV'))).toBeUndefined();
    expect(insertHead(lex('INSERT INTO b (* EXCEPT x) FORMAT CSV'))).toBeUndefined();
  });
});
