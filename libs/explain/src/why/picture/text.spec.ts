import { describe, expect, it } from '@jest/globals';
import { clipped, escaped } from './text.ts';

describe('escaped', () => {
  it('lets nothing out of an attribute or a text', () => {
    expect(escaped('<script>&"\'')).toBe('&#60;script&#62;&#38;&#34;&#39;');
    expect(escaped('a\u0000b\ud800c\u001bd\te')).toBe('a\ufffdb\ufffdc\ufffdd\te');
  });
});

describe('clipped', () => {
  it('cuts between letters, not through them', () => {
    expect(clipped('kısa')).toBe('kısa');
    expect(clipped('👩'.repeat(40))).toBe(`${'👩'.repeat(33)}…`);
  });
});
