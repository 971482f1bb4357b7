import { expect, it } from '@jest/globals';
import { VIEWS } from '../schema/views.ts';
import { HARMLESS, isPersonal, isText } from './personal-columns.ts';

it('every text column of every view is known to be personal or harmless', () => {
  const unknown = VIEWS.flatMap(({ name, columns }) =>
    columns
      .filter((column) => isText(column) && !isPersonal(column) && !HARMLESS.has(column.name))
      .map((column) => `${name}.${column.name}`),
  );
  expect(unknown).toEqual([]);
});
