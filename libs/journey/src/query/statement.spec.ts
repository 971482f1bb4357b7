import { expect, it } from '@jest/globals';
import { Bindings, paramText } from './statement.ts';

it('equal values of a type share a placeholder', () => {
  const bindings = new Bindings();
  expect([bindings.bind('String', 'a'), bindings.bind('String', 'b'), bindings.bind('String', 'a')]).toEqual([
    '{p0:String}',
    '{p1:String}',
    '{p0:String}',
  ]);
  expect(bindings.statement('SELECT 1').params).toEqual({ p0: 'a', p1: 'b' });
});

it('writes values as the HTTP interface reads them', () => {
  expect(paramText("it's\t\\ \n")).toBe("it's\\t\\\\ \\n");
  expect(paramText(["it's", 'a\\b', 'ı😀'])).toBe("['it\\'s','a\\\\b','ı😀']");
  expect(paramText([1, 2.5])).toBe('[1,2.5]');
  expect(paramText([['a'], []])).toBe("[['a'],[]]");
});
