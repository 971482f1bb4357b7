import { describe, expect, it } from '@jest/globals';
import { namespaceRules } from '#touchpoint';
import { judgeRuleChanges } from './judge-rule-changes.ts';
import { rulesOf, type RuleChanges } from './rule-changes.ts';
import { DEFAULT_RULES } from './rules.ts';

describe('rulesOf', () => {
  it('makes the defaults of no changes', () => {
    expect(rulesOf({}, 0)).toEqual(DEFAULT_RULES);
  });

  it('changes what is named and keeps the priority', () => {
    const rules = rulesOf(
      {
        namespaces: {
          email: { limit: 2, conflictPolicy: 'latest' },
          phone: { quarantineAt: null },
          card_no: { class: 'unique' },
          crm_id: { class: 'device', limit: 7 },
        },
        floodAt: { device: 20 },
      },
      3,
    );
    expect(rules.version).toBe(3);
    const email = { ...namespaceRules('email'), limit: 2, conflictPolicy: 'latest' };
    expect(rules.namespace('email')).toEqual(email);
    expect(rules.namespace('phone').quarantineAt).toBe(Infinity);
    expect(rules.namespace('card_no')).toEqual({
      class: 'unique',
      priority: 7,
      limit: 1,
      quarantineAt: Infinity,
    });
    expect(rules.namespace('crm_id')).toEqual({ class: 'device', priority: 2, limit: 7, quarantineAt: 10 });
    expect(rules.namespace('user_id')).toBe(namespaceRules('user_id'));
    expect(rules.floodAt).toEqual({ ...DEFAULT_RULES.floodAt, device: 20 });
  });
});

describe('judgeRuleChanges', () => {
  const fieldsOf = (given: unknown): (readonly [string, number | undefined])[] => {
    const judged = judgeRuleChanges(given);
    return judged.outcome === 'valid' ? [] : judged.problems.map(({ field, limit }) => [field, limit]);
  };

  it('takes what rulesOf can make rules of, each blocked identifier once', () => {
    const changes = {
      namespaces: {
        email: { class: 'contact', limit: 10_000, quarantineAt: 1_000, conflictPolicy: 'earliest' },
      },
      maxMembers: 5_000,
      floodAt: { unique: 10, contact: 20_000, device: 10 },
    } as const satisfies RuleChanges;
    const blocked = ['12', '13', '12'];
    expect(judgeRuleChanges({ ...changes, blocked })).toEqual({
      outcome: 'valid',
      changes: { ...changes, blocked: ['12', '13'] },
    });
    expect(judgeRuleChanges({})).toEqual({ outcome: 'valid', changes: {} });
  });

  it.each([
    [null, 'changes', undefined],
    [{ priority: 1 }, 'changes', undefined],
    [{ namespaces: [] }, 'changes.namespaces', undefined],
    [{ namespaces: { Email: {} } }, 'changes.namespaces', undefined],
    [{ namespaces: { touchpoint: {} } }, 'changes.namespaces', undefined],
    [{ namespaces: { email: { priority: 1 } } }, 'changes.namespaces.email', undefined],
    [{ namespaces: { email: { limit: 0 } } }, 'changes.namespaces.email.limit', 1],
    [{ namespaces: { email: { limit: 10_001 } } }, 'changes.namespaces.email.limit', 10_000],
    [{ namespaces: { email: { quarantineAt: 1.5 } } }, 'changes.namespaces.email.quarantineAt', 1_000],
    [{ namespaces: { email: { class: 'person' } } }, 'changes.namespaces.email.class', undefined],
    [{ namespaces: { email: { conflictPolicy: 1 } } }, 'changes.namespaces.email.conflictPolicy', undefined],
    [{ maxMembers: 1 }, 'changes.maxMembers', 2],
    [{ floodAt: { device: 9 } }, 'changes.floodAt.device', 10],
    [{ floodAt: { people: 9 } }, 'changes.floodAt', undefined],
    [{ blocked: ['12', 'a@b.c'] }, 'changes.blocked[1]', undefined],
    [{ blocked: Array.from({ length: 1_001 }, () => '1') }, 'changes.blocked', 1_000],
  ])('refuses %j, naming the field and the limit', (given, field, limit) => {
    expect(fieldsOf(given)).toEqual([[field, limit]]);
  });

  it('refuses a field that would change what objects are', () => {
    const given: unknown = JSON.parse('{"namespaces":{"__proto__":{"limit":0}}}');
    expect(fieldsOf(given)).toEqual([['changes.namespaces.__proto__.limit', 1]]);
    const named = JSON.parse('{"namespaces":{"__proto__":{"limit":2}}}') as RuleChanges;
    expect(rulesOf(named, 1).namespace('email')).toEqual(namespaceRules('email'));
    expect(({} as { limit?: number }).limit).toBeUndefined();
  });
});
