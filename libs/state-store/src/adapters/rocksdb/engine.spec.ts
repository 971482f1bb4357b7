import { describe, expect, it } from '@jest/globals';
import { loadEngine } from './engine.ts';

function caught(thrown: Error): unknown {
  try {
    loadEngine(() => {
      throw thrown;
    });
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('loadEngine', () => {
  it('says what to install where libatomic is missing, which only the cause of the cause tells', () => {
    const dlopen = new Error('libatomic.so.1: cannot open shared object file: No such file or directory');
    const thrown = new Error("Cannot load addon 'rocksdb-native.node'", { cause: dlopen });
    expect(caught(thrown)).toMatchObject({
      code: 'STATE_STORE.ENGINE_MISSING',
      message: expect.stringContaining('apt-get install libatomic1'),
      cause: thrown,
    });
  });

  it('names the platform where the package has nothing for it', () => {
    expect(caught(new Error("Cannot find module 'rocksdb-native'"))).toMatchObject({
      code: 'STATE_STORE.ENGINE_MISSING',
      message: expect.stringContaining(`${process.platform}-${process.arch}`),
    });
  });
});
