import { expect, it } from '@jest/globals';
import { readPathsFile } from './paths-file.ts';

it.each([
  [
    'the columns of ChannelAttribution',
    'path;total_conversions;total_conversion_value;total_null\na > b;1;0.5;3\n',
  ],
  ['our own, with quotes and CRLF', 'path,conversions,value,nulls\r\n"a > b",1,0.5,3\r\n'],
  ['tabs, another order, a BOM', '\uFEFFnulls\tpath\tvalue\tconversions\n3\ta > b\t0.5\t1'],
])('reads %s', (_, text) => {
  expect(readPathsFile(text)).toEqual([{ path: 'a > b', conversions: 1, value: 0.5, nulls: 3 }]);
});

it('says where a file cannot be read', () => {
  expect(() => readPathsFile('way;conversions\na;1\n')).toThrow('no column named path');
  expect(() => readPathsFile('path\na\n')).toThrow('no column named conversions');
  expect(() => readPathsFile('path;conversions\na;1\nb;one\n')).toThrow('line 3: conversions is no number');
});
